import type { Clock } from '@lab/domain';
import type { InstallPlan } from '@lab/protocol';
import { isGivenUp } from '../machines/plan-level.js';
import type { PlanStore } from '../machines/plan.store.js';
import type { LocalInstall } from '../netboot/boot-decision.js';
import type { HeardInstalls } from '../uplink/heard-installs.js';
import type { InstallFeed } from './install-feed.js';
import type { InstallGate } from './install-gate.js';
import type { InstallRecord } from './install-record.js';
import type { InstallStore } from './install.store.js';
import type { InstallWriter, StagePart } from './install-writer.js';
import { PackageCounter } from './package-counter.js';
import { installCancelled, notLoggedIn, tooManyReports } from './install.errors.js';
import { factsOf, failureOf } from './reported-progress.js';
import type { ProgressBody, ReportedLine } from './report-body.js';
import { hashToken } from './tokens.js';

/** A machine that behaves reports about forty times. */
const MAX_REPORTS = 10_000;

export interface InstallServiceParts {
  store: InstallStore;
  writer: InstallWriter;
  gate: InstallGate;
  feed: InstallFeed;
  plans: PlanStore;
  heard: HeardInstalls;
  clock: Clock;
}

/** What installs report, and how they end. */
export class InstallService {
  readonly #packages: PackageCounter;

  constructor(private readonly parts: InstallServiceParts) {
    this.#packages = new PackageCounter(parts.clock);
    parts.plans.onChanged(() => this.#giveUp());
  }

  /** What this bastion knows of a planned install, for the boot decision. */
  local(install: InstallPlan | null): LocalInstall | undefined {
    return install === null ? undefined : this.parts.store.get(install.installId);
  }

  /**
   * The install that a report token is for. Raises `not-logged-in`, also when the install has ended; `not-allowed` for an
   * address that isn't the machine's.
   */
  async authorize(
    token: string | undefined,
    address: string,
    what: 'progress' | 'log',
  ): Promise<InstallRecord> {
    const hash = token === undefined ? '' : hashToken(token);
    const record = this.parts.store.ofReport(hash);
    if (record?.takesReports(this.#now()) !== true)
      throw notLoggedIn('The report token of a running install');
    await this.parts.gate.admitReport(record, hash, address, what);
    this.parts.heard.note(record.installId);
    return record;
  }

  /** Of a cancelled install only its machine says that it went on. Raises `not-allowed` for a second address. */
  admitCancelled(record: InstallRecord, token: string, address: string): Promise<void> {
    return this.parts.gate.admitReport(record, hashToken(token), address, 'progress');
  }

  /** Whether that token may report at all: asked before a body is read. */
  mayReport(token: string | undefined): boolean {
    return token !== undefined && this.parts.store.ofReport(hashToken(token)) !== undefined;
  }

  /** Takes a report about a stage. A repeated one changes nothing. */
  async progress(record: InstallRecord, body: ProgressBody): Promise<void> {
    await this.parts.writer.exclusive(record.installId, async () => {
      if (record.hasSeen(body.seq)) return;
      // While it waited for its turn.
      if (record.outcome === 'cancelled') throw installCancelled();
      if (record.reportCount >= MAX_REPORTS) throw tooManyReports();
      const { failure, facts } = body;
      const reports: StagePart[] = [];
      if (body.stage === 'pre' && body.event === 'started')
        reports.push({ stage: 'kickstart', event: 'ended' });
      if (body.stage === 'first-boot' && record.stages.get('reboot')?.state === 'running') {
        reports.push({ stage: 'reboot', event: 'ended' });
      }
      reports.push({
        stage: body.stage,
        event: body.event,
        seq: body.seq,
        section: body.section ?? null,
        message: body.message ?? null,
        failure: failure === null || failure === undefined ? null : failureOf(failure),
        facts: facts === null || facts === undefined ? null : factsOf(facts),
      });
      if (body.stage === 'post' && body.event === 'ended')
        reports.push({ stage: 'reboot', event: 'started' });
      await this.parts.writer.report(record, reports);
    });
  }

  /** Takes log lines. Resolved: they will survive a crash. */
  log(record: InstallRecord, lines: readonly ReportedLine[]): Promise<{ accepted: number; total: number }> {
    return this.parts.writer.log(record, lines);
  }

  /** Says how far the packages are, if these lines of the installer tell. */
  async packages(record: InstallRecord, lines: readonly ReportedLine[]): Promise<void> {
    const message = this.#packages.take(record, lines);
    if (message === undefined) return;
    await this.parts.writer.exclusive(record.installId, async () => {
      if (record.stages.get('packages')?.state !== 'running' || record.reportCount >= MAX_REPORTS) return;
      await this.parts.writer.report(record, [{ stage: 'packages', event: 'started', message }]);
    });
  }

  /** Ends the installs here that the new plan has given up. */
  async #giveUp(): Promise<void> {
    for (const record of this.parts.store.running()) {
      const isPastPost = record.outcome === 'post-ended';
      if (!isGivenUp(record.installId, this.parts.plans.get(record.serverId), isPastPost)) continue;
      await this.parts.writer.exclusive(record.installId, async () => {
        if (record.isOver) return;
        const reason = 'labd has cancelled the install';
        await this.parts.store.append(record.installId, [
          { type: 'ended', at: this.#now(), outcome: 'cancelled', reason },
        ]);
        this.parts.feed.wake(record.macs);
      });
    }
  }

  #now(): number {
    return this.parts.clock.now();
  }
}
