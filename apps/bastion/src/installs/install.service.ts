import { STAGES, type Clock, type MacAddress } from '@lab/domain';
import type { InstallPlan, ServerPlan } from '@lab/protocol';
import type { BastionLog } from '../logger.js';
import { isGivenUp } from '../machines/plan-level.js';
import type { PlanStore } from '../machines/plan.store.js';
import type { LocalInstall } from '../netboot/boot-decision.js';
import type { FactSink } from '../uplink/fact-sink.js';
import type { HeardInstalls } from '../uplink/heard-installs.js';
import type { InstallFeed } from './install-feed.js';
import type { InstallLogBuffer, NewLine } from './install-log-buffer.js';
import { REFETCH_MS, type InstallEvent, type InstallRecord, type StageReport } from './install-record.js';
import type { InstallStore } from './install.store.js';
import { PackageProgress } from './package-progress.js';
import {
  installCancelled,
  kickstartElsewhere,
  kickstartUsed,
  notLoggedIn,
  tooManyReports,
  unknownKickstart,
} from './install.errors.js';
import { cleanLine } from './log-text.js';
import { factsOf, failureOf, progressOf } from './reported-progress.js';
import type { ProgressBody, ReportedLine } from './report-body.js';
import { hashToken, mintToken, reportTokenFor } from './tokens.js';

/** A machine that behaves reports about forty times. */
const MAX_REPORTS = 10_000;
/** Installs whose packages are counted at once. */
const MAX_PACKAGES = 1_000;
/** An unfetched kickstart's address is good for so long, in ms. */
const KICKSTART_MS = 3_600_000;

type StagePart = Pick<StageReport, 'stage' | 'event'> & Partial<Omit<StageReport, 'type' | 'at'>>;

export interface InstallServiceParts {
  store: InstallStore;
  logs: InstallLogBuffer;
  sink: FactSink;
  feed: InstallFeed;
  plans: PlanStore;
  heard: HeardInstalls;
  clock: Clock;
  log: BastionLog;
  /** Makes report tokens out of kickstart tokens. */
  tokenKey: string;
}

/** What happens to installs: they are served, report, end. Every fact is on the disk before it is answered. */
export class InstallService {
  /** Of installs whose packages are being installed. */
  readonly #packages = new Map<string, PackageProgress>();

  constructor(private readonly parts: InstallServiceParts) {
    parts.plans.onChanged(() => this.#giveUp());
  }

  /** What this bastion knows of a planned install, for the boot decision. */
  local(install: InstallPlan | null): LocalInstall | undefined {
    return install === null ? undefined : this.parts.store.get(install.installId);
  }

  /** The boot script of an install is served: answers the token of its kickstart; the one before it is void. */
  async serve(server: ServerPlan, install: InstallPlan, mac: MacAddress, address: string): Promise<string> {
    const token = mintToken();
    this.parts.heard.note(install.installId);
    await this.#change(install.installId, async () => {
      const record = await this.#planned(server, install, mac);
      const again = record.boot > 0 ? ' again' : '';
      const message = interrupted(record);
      await this.#report(
        record,
        [{ stage: 'boot', event: 'started', message }],
        [{ type: 'boot-served', at: this.#now(), mac, address, tokenHash: hashToken(token) }],
      );
      await this.#note(record, `boot script served${again} to ${mac} at ${address}`);
      if (message !== null) await this.#note(record, message);
    });
    return token;
  }

  /** The install has failed before or instead of being served. */
  async fail(server: ServerPlan, install: InstallPlan, mac: MacAddress, message: string): Promise<void> {
    await this.#change(install.installId, async () => {
      const record = await this.#planned(server, install, mac);
      if (record.isOver) return;
      await this.#note(record, message);
      await this.#report(record, [{ stage: 'boot', event: 'failed', message }]);
    });
  }

  /** Lets a machine fetch its kickstart: once, and again from the same address for a while. Answers the report token. */
  async fetchKickstart(
    token: string,
    address: string,
  ): Promise<{ record: InstallRecord; server: ServerPlan | undefined; reportToken: string }> {
    const hash = hashToken(token);
    const found = this.parts.store.ofKickstart(hash);
    if (found === undefined) throw unknownKickstart();
    return this.#change(found.installId, async () => {
      const { kickstart } = found;
      if (kickstart?.hash !== hash || found.isOver) throw unknownKickstart();
      const now = this.#now();
      if (kickstart.boundTo !== null && kickstart.boundTo !== address) {
        await this.#refuse(found, 'kickstart', address);
        throw kickstartElsewhere();
      }
      this.parts.heard.note(found.installId);
      if (kickstart.fetchedAt === null) {
        if (now - kickstart.mintedAt > KICKSTART_MS) throw unknownKickstart();
      } else if (now - kickstart.fetchedAt > REFETCH_MS) throw kickstartUsed();
      const reportToken = reportTokenFor(token, this.parts.tokenKey);
      if (kickstart.fetchedAt === null) {
        await this.#report(
          found,
          [
            { stage: 'boot', event: 'ended', message: found.stages.get('boot')?.message ?? null },
            { stage: 'kickstart', event: 'started' },
          ],
          [{ type: 'kickstart-fetched', at: now, address, reportHash: hashToken(reportToken) }],
        );
      }
      await this.#note(found, `kickstart fetched from ${address}`);
      return { record: found, server: this.parts.plans.get(found.serverId), reportToken };
    });
  }

  /** The kickstart can't be written: the install has failed, and its machine will find nothing to install. */
  async failKickstart(record: InstallRecord, message: string): Promise<void> {
    await this.#change(record.installId, async () => {
      if (record.isOver) return;
      await this.#note(record, message);
      await this.#report(record, [{ stage: 'kickstart', event: 'failed', message }]);
    });
  }

  /** The install that a report token is for. Raises `not-logged-in`, also when the install has ended. */
  authorize(token: string | undefined): InstallRecord {
    const record = token === undefined ? undefined : this.parts.store.ofReport(hashToken(token));
    if (record?.takesReports(this.#now()) !== true)
      throw notLoggedIn('The report token of a running install');
    this.parts.heard.note(record.installId);
    return record;
  }

  /** Takes a report about a stage. A repeated one changes nothing. */
  async progress(record: InstallRecord, body: ProgressBody): Promise<void> {
    await this.#change(record.installId, async () => {
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
      await this.#report(record, reports);
    });
  }

  /** Takes log lines. Resolved: they will survive a crash. */
  async log(
    record: InstallRecord,
    lines: readonly ReportedLine[],
  ): Promise<{ accepted: number; total: number }> {
    if (lines.length === 0) return { accepted: 0, total: await this.parts.logs.total(record.installId) };
    const at = new Date(this.#now()).toISOString();
    const stage = record.currentStage;
    const cleaned = lines.map(({ source, text, seq }): NewLine => ({
      at,
      source,
      stage,
      text: cleanLine(text),
      seq: seq ?? undefined,
    }));
    return this.parts.logs.append(record.installId, record.ringMac, cleaned, record.boot);
  }

  /** Says how far the packages are, if these lines of the installer tell. */
  async packages(record: InstallRecord, lines: readonly ReportedLine[]): Promise<void> {
    const message = this.#packagesOf(record)?.take(lines, this.#now());
    if (message === undefined) return;
    await this.#change(record.installId, async () => {
      if (record.stages.get('packages')?.state !== 'running' || record.reportCount >= MAX_REPORTS) return;
      await this.#report(record, [{ stage: 'packages', event: 'started', message }]);
    });
  }

  #packagesOf(record: InstallRecord): PackageProgress | undefined {
    const view = record.stages.get('packages');
    if (view?.state !== 'running') {
      this.#packages.delete(record.installId);
      return undefined;
    }
    let progress = this.#packages.get(record.installId);
    if (progress === undefined) {
      progress = new PackageProgress(view.message);
      this.#packages.set(record.installId, progress);
      const [oldest] = this.#packages.keys();
      if (oldest !== undefined && this.#packages.size > MAX_PACKAGES) this.#packages.delete(oldest);
    }
    return progress;
  }

  async #planned(server: ServerPlan, install: InstallPlan, mac: MacAddress): Promise<InstallRecord> {
    const known = this.parts.store.get(install.installId);
    if (known !== undefined) return known;
    const { installId } = install;
    const macs = [...new Set([mac, ...server.macs])];
    return this.parts.store.append(installId, [
      { type: 'planned', at: this.#now(), installId, serverId: server.serverId, macs, plan: install },
    ]);
  }

  /** Facts first, then the install's own file: a crash between them makes a fact twice, which is harmless; never none. */
  async #report(
    record: InstallRecord,
    parts: readonly StagePart[],
    others: readonly InstallEvent[] = [],
  ): Promise<void> {
    const at = this.#now();
    const reports = parts.map((part): StageReport => ({
      seq: null,
      section: null,
      message: null,
      failure: null,
      facts: null,
      ...part,
      type: 'stage',
      at,
    }));
    await this.parts.sink.progress(reports.map((report) => progressOf(record.installId, report)));
    await this.parts.store.append(record.installId, [...others, ...reports]);
    this.parts.feed.wake(record.macs);
  }

  async #refuse(record: InstallRecord, what: 'kickstart', address: string): Promise<void> {
    this.parts.log.warn({ installId: record.installId, what, address }, 'a second address was refused');
    await this.parts.store.append(record.installId, [{ type: 'refused', at: this.#now(), address, what }]);
    await this.#note(record, `refused: ${address} asked for the ${what} of this install`);
  }

  /** A line of the bastion itself. It is a help, so that an install doesn't fail for want of it. */
  async #note(record: InstallRecord, text: string): Promise<void> {
    try {
      await this.log(record, [{ source: 'bastion', text }]);
    } catch (error) {
      this.parts.log.warn(
        { installId: record.installId, text, err: error },
        'a line of the log was not kept',
      );
    }
  }

  /** Ends the installs here that the new plan has given up. */
  async #giveUp(): Promise<void> {
    for (const record of this.parts.store.running()) {
      const isPastPost = record.outcome === 'post-ended';
      if (!isGivenUp(record.installId, this.parts.plans.get(record.serverId), isPastPost)) continue;
      await this.#change(record.installId, async () => {
        if (record.isOver) return;
        const reason = 'labd has cancelled the install';
        await this.parts.store.append(record.installId, [
          { type: 'ended', at: this.#now(), outcome: 'cancelled', reason },
        ]);
        this.parts.feed.wake(record.macs);
      });
    }
  }

  #change<T>(installId: string, work: () => Promise<T>): Promise<T> {
    return this.parts.store.exclusive(installId, work);
  }

  #now(): number {
    return this.parts.clock.now();
  }
}

/** What it means that a machine asks for its boot script in the middle of an install; null when nothing had begun. */
function interrupted({ preStarted, currentStage }: InstallRecord): string | null {
  if (!preStarted) return null;
  const during = currentStage === null ? '' : ` during "${STAGES[currentStage].title}"`;
  return `The machine started again${during}: it lost power, was reset, or its kernel crashed. The install begins anew.`;
}
