import { STAGE_NAMES, STAGE_WITHIN, type MacAddress, type StageName, type StageState } from '@lab/domain';
import type { InstallPlan, Progress } from '@lab/protocol';
import type { LocalInstall } from '../netboot/boot-decision.js';
import { SeenNumbers } from './seen-numbers.js';

export type Outcome = LocalInstall['outcome'];
type Failure = NonNullable<Progress['failure']>;
type Facts = NonNullable<Progress['facts']>;

/** What happened to an install here, as it is kept in its file: the record is the sum of its events. Times in ms since the epoch. */
export type InstallEvent =
  | { type: 'planned'; at: number; installId: string; serverId: string; macs: string[]; plan: InstallPlan }
  | { type: 'boot-served'; at: number; mac: string; address: string; tokenHash: string }
  | { type: 'kickstart-fetched'; at: number; address: string; reportHash: string }
  | { type: 'refused'; at: number; address: string; what: 'kickstart' }
  | StageReport
  | { type: 'went-on'; at: number; stage: StageName }
  | { type: 'ended'; at: number; outcome: 'cancelled'; reason: string };

export interface StageReport {
  type: 'stage';
  at: number;
  stage: StageName;
  event: 'started' | 'ended' | 'failed';
  /** The machine's number; null for the bastion's own. */
  seq: number | null;
  section: string | null;
  message: string | null;
  failure: Failure | null;
  facts: Facts | null;
}

export interface StageView {
  state: StageState;
  startedAt: number | null;
  endedAt: number | null;
  message: string | null;
  failure: Failure | null;
}

/** A reported event of a stage, numbered from 1. */
export type NumberedReport = StageReport & { number: number };

/** So many stage events of one install are kept in memory; the file has all. */
const MAX_REPORTS = 1_000;
/** A kickstart that was fetched may be fetched again from the same address for so long, in ms. */
export const REFETCH_MS = 120_000;
/** What a machine still has to say after its install has ended is taken for so long, in ms. */
export const GRACE_MS = 120_000;

export class InstallRecord {
  outcome: Outcome = 'active';
  /** Why it failed or was cancelled. */
  reason: string | null = null;
  endedAt: number | null = null;
  /** The NIC that it last booted with. */
  bootMac: MacAddress | null = null;
  /** Its machine went on after the install was cancelled, and touched its disk. */
  wentOn = false;
  preStarted = false;
  servedAfterPre = 0;
  /** How many kickstarts were fetched: a machine that boots the install again counts its reports from 1 again. */
  boot = 0;
  kickstart: { hash: string; boundTo: string | null; fetchedAt: number | null; mintedAt: number } | null =
    null;
  reportHash: string | null = null;
  stages = new Map<StageName, StageView>();
  /** The newest events of stages, oldest first. */
  reports: NumberedReport[] = [];
  reportCount = 0;
  currentStage: StageName | null = null;
  facts: Facts | null = null;
  #seen = new SeenNumbers();

  constructor(
    readonly installId: string,
    readonly serverId: string,
    readonly macs: Set<MacAddress>,
    readonly plan: InstallPlan,
    readonly plannedAt: number,
  ) {}

  /** The machine under whose address the newest lines are in memory. */
  get ringMac(): MacAddress {
    const [first] = this.macs;
    if (first === undefined) throw new Error('an install has a machine');
    return first;
  }

  get isOver(): boolean {
    return this.outcome !== 'active' && this.outcome !== 'post-ended';
  }

  /** Whether reports are still taken at that time. */
  takesReports(now: number): boolean {
    return !this.isOver || (this.outcome !== 'cancelled' && now - (this.endedAt ?? 0) <= GRACE_MS);
  }

  hasSeen(seq: number): boolean {
    return this.#seen.has(seq);
  }

  apply(event: InstallEvent): void {
    switch (event.type) {
      case 'planned':
        return;
      case 'boot-served':
        this.bootMac = event.mac as MacAddress; // our own file: it was parsed when it came
        this.macs.add(this.bootMac);
        this.kickstart = { hash: event.tokenHash, boundTo: null, fetchedAt: null, mintedAt: event.at };
        if (this.preStarted) this.servedAfterPre += 1;
        return;
      case 'kickstart-fetched':
        if (this.kickstart !== null && this.kickstart.fetchedAt === null) {
          this.kickstart = { ...this.kickstart, boundTo: event.address, fetchedAt: event.at };
          this.boot += 1;
          this.#seen = new SeenNumbers();
        }
        this.reportHash = event.reportHash;
        return;
      case 'refused':
        return;
      case 'went-on':
        this.wentOn = true;
        return;
      case 'ended':
        this.#end(event.outcome, event.at, event.reason);
        return;
      case 'stage':
        this.#applyStage(event);
    }
  }

  #applyStage(event: StageReport): void {
    if (event.seq !== null) this.#seen.add(event.seq);
    this.reportCount += 1;
    this.reports.push({ ...event, number: this.reportCount });
    if (this.reports.length > MAX_REPORTS) this.reports.shift();
    if (event.facts !== null) this.facts = event.facts;
    this.#view(event);
    if (this.isOver) return;
    if (event.event === 'failed') {
      this.#end('failed', event.at, event.message ?? event.failure?.command ?? `${event.stage} failed`);
    } else if (event.stage === 'pre') {
      this.preStarted = true;
    } else if (event.stage === 'post' && event.event === 'ended') {
      this.outcome = 'post-ended';
    } else if (event.stage === 'first-boot' && event.event === 'ended') {
      this.#end('succeeded', event.at, null);
    }
  }

  #view(event: StageReport): void {
    const before = this.stages.get(event.stage);
    if (event.event === 'started' && event.stage === 'packages' && before?.state === 'running') {
      // How far it is.
      this.stages.set(event.stage, { ...before, message: event.message });
      return;
    }
    if (event.event === 'started') {
      this.#endEarlier(event);
      this.stages.set(event.stage, {
        state: 'running',
        startedAt: event.at,
        endedAt: null,
        message: event.message,
        failure: null,
      });
      this.currentStage = event.stage;
      return;
    }
    this.stages.set(event.stage, {
      state: event.event === 'ended' ? 'succeeded' : 'failed',
      startedAt: before?.startedAt ?? event.at,
      endedAt: event.at,
      message: event.message ?? before?.message ?? null,
      failure: event.failure,
    });
    if (this.currentStage === event.stage) this.currentStage = STAGE_WITHIN[event.stage] ?? null;
  }

  /** A stage that ends unasked, because a later one began, counts as succeeded. */
  #endEarlier(event: StageReport): void {
    const order = STAGE_NAMES.indexOf(event.stage);
    for (const [name, view] of this.stages) {
      if (view.state !== 'running' || name === STAGE_WITHIN[event.stage]) continue;
      if (STAGE_NAMES.indexOf(name) < order) {
        this.stages.set(name, { ...view, state: 'succeeded', endedAt: event.at });
      }
    }
  }

  #end(outcome: 'succeeded' | 'failed' | 'cancelled', at: number, reason: string | null): void {
    this.outcome = outcome;
    this.endedAt = at;
    this.reason = reason;
    this.kickstart = null;
  }
}

/** The record that a file's events add up to; undefined if it doesn't begin as one. */
export function recordOf(events: readonly InstallEvent[]): InstallRecord | undefined {
  const [planned] = events;
  if (planned?.type !== 'planned') return undefined;
  const macs = new Set(planned.macs as MacAddress[]); // our own file: they were parsed when they came
  const record = new InstallRecord(planned.installId, planned.serverId, macs, planned.plan, planned.at);
  for (const event of events) record.apply(event);
  return record;
}
