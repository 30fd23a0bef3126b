import { STAGE_NAMES, STAGE_WITHIN, type MacAddress, type StageName, type StageState } from '@lab/domain';
import type { InstallPlan } from '@lab/protocol';
import type { LocalInstall } from '../netboot/boot-decision.js';
import { ownsAddress, type Binding, type BoundInstall, type OpenKickstart } from './binding.js';
import type { EventOf, Facts, Failure, InstallEvent, StageReport } from './install-event.js';
import { RefusalBook } from './refusal-book.js';
import { SeenNumbers } from './seen-numbers.js';

export type Outcome = LocalInstall['outcome'];

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

/** Boot scripts that were handed out and not used; the oldest go first. */
const MAX_OPEN = 8;
/** Addresses that a bound machine may have had. */
const MAX_ADDRESSES = 8;

export class InstallRecord implements BoundInstall {
  outcome: Outcome = 'active';
  /** Why it failed or was cancelled. */
  reason: string | null = null;
  endedAt: number | null = null;
  /** The NIC that it last booted with. */
  bootMac: MacAddress | null = null;
  /** Its machine went on after the install was cancelled, and touched its disk. */
  wentOn = false;
  preStarted = false;
  /** What keeps this boot from getting as far as `%pre`, as far as this bastion saw; forgotten when it restarts. */
  bootTrouble: string | null = null;
  servedAfterPre = 0;
  /** How many kickstarts were fetched: a machine that boots the install again counts its reports from 1 again. */
  boot = 0;
  /** Kickstarts that were handed out and not fetched, oldest first. */
  open: readonly OpenKickstart[] = [];
  binding: Binding | null = null;
  /** The binding that an address took over while it was silent. */
  previous: Binding | null = null;
  heardAt = 0;
  readonly refusals = new RefusalBook();
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

  get plannedAddresses(): readonly string[] {
    return this.plan.interfaces.flatMap(({ address }) => address?.split('/')[0] ?? []);
  }

  /** Hashes of the tokens that may still be shown for this install. */
  get kickstartHashes(): string[] {
    return [
      ...this.open.map(({ hash }) => hash),
      ...(this.binding === null ? [] : [this.binding.kickstartHash]),
    ];
  }

  get reportHashes(): string[] {
    return [this.binding, this.previous].flatMap((binding) => binding?.reportHash ?? []);
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
        this.#bootServed(event);
        return;
      case 'kickstart-fetched':
        this.#kickstartFetched(event);
        return;
      case 'moved':
        if (this.binding === null) return;
        this.binding = {
          ...this.binding,
          addresses: [...this.binding.addresses, event.address].slice(-MAX_ADDRESSES),
        };
        this.refusals.forget(event.address);
        this.heardAt = event.at;
        return;
      case 'given-back':
        this.binding = this.previous;
        this.previous = null;
        this.heardAt = event.at;
        return;
      case 'refused':
        this.refusals.add(event);
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

  /** A second script for the same asker replaces the first; what others were given stays. */
  #bootServed({
    at,
    mac,
    address,
    tokenHash: hash,
    uuid = null,
    serial = null,
  }: EventOf<'boot-served'>): void {
    this.macs.add(mac as MacAddress); // our own file: it was parsed when it came
    const others = this.open.filter((each) => each.address !== address);
    this.open = [...others, { hash, mac, address, uuid, serial, mintedAt: at }].slice(-MAX_OPEN);
    if (this.preStarted && ownsAddress(this, address)) this.servedAfterPre += 1;
  }

  #kickstartFetched({ at, address, reportHash, tokenHash, link = null }: EventOf<'kickstart-fetched'>): void {
    // Files of older versions don't say which.
    const used = this.open.find(({ hash }) => hash === tokenHash) ?? this.open.at(-1);
    if (used === undefined) return;
    const isElsewhere =
      this.binding !== null && !ownsAddress(this, address) && !ownsAddress(this, used.address);
    if (this.preStarted && isElsewhere) this.servedAfterPre += 1;
    this.previous = isElsewhere ? this.binding : null;
    this.binding = {
      uuid: used.uuid,
      serial: used.serial,
      addresses: [...new Set([used.address, address])],
      link,
      kickstartHash: used.hash,
      reportHash,
      fetchedAt: at,
    };
    this.open = this.open.filter((each) => each !== used);
    this.bootMac = used.mac as MacAddress; // our own file: it was parsed when it came
    this.boot += 1;
    this.#seen = new SeenNumbers();
    this.heardAt = at;
  }

  #applyStage(event: StageReport): void {
    if (event.seq !== null) {
      this.#seen.add(event.seq);
      this.heardAt = event.at;
    }
    this.reportCount += 1;
    this.reports.push({ ...event, number: this.reportCount });
    if (this.reports.length > MAX_REPORTS) this.reports.shift();
    if (event.facts !== null && !this.isOver) this.facts = event.facts;
    this.#view(event);
    if (this.isOver) return;
    if (event.event === 'failed') {
      this.#end('failed', event.at, event.message ?? event.failure?.command ?? `${event.stage} failed`);
    } else if (event.stage === 'pre') {
      this.preStarted = true;
      this.bootTrouble = null;
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
    this.open = [];
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
