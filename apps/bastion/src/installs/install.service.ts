import { STAGES, type Clock, type MacAddress } from '@lab/domain';
import type { InstallPlan, ServerPlan } from '@lab/protocol';
import type { BastionLog } from '../logger.js';
import { isGivenUp } from '../machines/plan-level.js';
import type { MachineClaims } from '../machines/machine-claims.js';
import type { PlanStore } from '../machines/plan.store.js';
import type { LocalInstall } from '../netboot/boot-decision.js';
import type { FactSink } from '../uplink/fact-sink.js';
import type { HeardInstalls } from '../uplink/heard-installs.js';
import type { InstallFeed } from './install-feed.js';
import type { InstallLogBuffer, NewLine } from './install-log-buffer.js';
import { REFETCH_MS, type InstallEvent, type InstallRecord, type StageReport } from './install-record.js';
import type { InstallStore } from './install.store.js';
import { InstallGate, type Asker } from './install-gate.js';
import { PackageCounter } from './package-counter.js';
import { kickstartUsed, notLoggedIn, tooManyReports, unknownKickstart } from './install.errors.js';
import { cleanLine } from './log-text.js';
import { factsOf, failureOf, progressOf } from './reported-progress.js';
import type { ProgressBody, ReportedLine } from './report-body.js';
import { hashToken, mintToken, reportTokenFor } from './tokens.js';

/** A machine that behaves reports about forty times. */
const MAX_REPORTS = 10_000;
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
  claims: MachineClaims;
  /** Who hasn't been heard of for so long is silent, in ms. */
  silenceMs: number;
}

/** What happens to installs: they are served, report, end. Every fact is on the disk before it is answered. */
export class InstallService {
  readonly #packages: PackageCounter;
  readonly #gate: InstallGate;

  constructor(private readonly parts: InstallServiceParts) {
    this.#packages = new PackageCounter(parts.clock);
    this.#gate = new InstallGate({ ...parts, note: (record, text) => this.#note(record, text) });
    parts.plans.onChanged(() => this.#giveUp());
  }

  /** What this bastion knows of a planned install, for the boot decision. */
  local(install: InstallPlan | null): LocalInstall | undefined {
    return install === null ? undefined : this.parts.store.get(install.installId);
  }

  /**
   * Whether the asker is the machine of the install. False: another machine. Raises `not-allowed` for a second address.
   * Until it is true, nothing may happen to the install.
   */
  async admits(server: ServerPlan, install: InstallPlan, asker: Asker): Promise<boolean> {
    const record = this.parts.store.get(install.installId);
    return (await this.#gate.admitBoot(server, record, asker)) !== 'other-machine';
  }

  /** Raises `not-allowed` if that MAC address is being installed, at another address. */
  admitDiscovery(mac: MacAddress, address: string): Promise<void> {
    return this.#gate.admitDiscovery(mac, address);
  }

  /**
   * The boot script of an install is served: answers the token of its kickstart; the one before it for the same address
   * is void. Only its own machine's start is one of the install; a new address has to fetch the kickstart first.
   */
  async serve(server: ServerPlan, install: InstallPlan, asker: Asker): Promise<string> {
    const token = mintToken();
    const { mac, address, uuid, serial } = asker;
    await this.#change(install.installId, async () => {
      const record = await this.#planned(server, install, mac);
      const isStart = (await this.#gate.admitBoot(server, record, asker)) === 'machine';
      const again = record.boot > 0 ? ' again' : '';
      const message = interrupted(record);
      const served = { type: 'boot-served', at: this.#now(), mac, address, uuid, serial } as const;
      await this.#report(record, isStart ? [{ stage: 'boot', event: 'started', message }] : [], [
        { ...served, tokenHash: hashToken(token) },
      ]);
      await this.#note(record, `boot script served${again} to ${mac} at ${address}`);
      if (!isStart) return;
      this.parts.heard.note(install.installId);
      if (record.binding !== null) record.heardAt = this.#now();
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
      const open = found.open.find((each) => each.hash === hash);
      const isAgain = found.binding?.kickstartHash === hash;
      if ((open === undefined && !isAgain) || found.isOver) throw unknownKickstart();
      await this.#gate.admitFetch(found, open, address);
      const now = this.#now();
      if (open === undefined) {
        if (now - (found.binding?.fetchedAt ?? 0) > REFETCH_MS) throw kickstartUsed();
      } else if (now - open.mintedAt > KICKSTART_MS) throw unknownKickstart();
      this.parts.heard.note(found.installId);
      found.heardAt = now;
      const reportToken = reportTokenFor(token, this.parts.tokenKey);
      if (open !== undefined) await this.#begin(found, { token, reportToken, address });
      await this.#note(found, `kickstart fetched from ${address}`);
      return { record: found, server: this.parts.plans.get(found.serverId), reportToken };
    });
  }

  /** The kickstart is fetched, and the install bound to the address that it goes to. */
  async #begin(
    record: InstallRecord,
    fetch: { token: string; reportToken: string; address: string },
  ): Promise<void> {
    const { token, reportToken, address } = fetch;
    // A machine that came back at a new address starts the install only now.
    const message = interrupted(record);
    const boot = record.stages.get('boot');
    const isNew = boot?.state !== 'running';
    if (isNew && message !== null) await this.#note(record, message);
    await this.#report(
      record,
      [
        ...(isNew ? [{ stage: 'boot', event: 'started', message } as const] : []),
        { stage: 'boot', event: 'ended', message: isNew ? message : (boot?.message ?? null) },
        { stage: 'kickstart', event: 'started' },
      ],
      [
        {
          ...{ type: 'kickstart-fetched', at: this.#now(), address },
          ...{ reportHash: hashToken(reportToken), tokenHash: hashToken(token) },
        },
      ],
    );
  }

  /** The kickstart can't be written: the install has failed, and its machine will find nothing to install. */
  async failKickstart(record: InstallRecord, message: string): Promise<void> {
    await this.#change(record.installId, async () => {
      if (record.isOver) return;
      await this.#note(record, message);
      await this.#report(record, [{ stage: 'kickstart', event: 'failed', message }]);
    });
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
    await this.#gate.admitReport(record, hash, address, what);
    this.parts.heard.note(record.installId);
    return record;
  }

  /** Takes a report about a stage. A repeated one changes nothing. */
  async progress(record: InstallRecord, body: ProgressBody): Promise<void> {
    await this.#change(record.installId, async () => {
      if (record.hasSeen(body.seq)) return;
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
    const message = this.#packages.take(record, lines);
    if (message === undefined) return;
    await this.#change(record.installId, async () => {
      if (record.stages.get('packages')?.state !== 'running' || record.reportCount >= MAX_REPORTS) return;
      await this.#report(record, [{ stage: 'packages', event: 'started', message }]);
    });
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
      if (!isGivenUp(record.installId, this.parts.plans.get(record.serverId))) continue;
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
