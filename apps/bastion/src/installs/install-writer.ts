import type { Clock, MacAddress } from '@lab/domain';
import type { InstallPlan, ServerPlan } from '@lab/protocol';
import type { BastionLog } from '../logger.js';
import type { FactSink } from '../uplink/fact-sink.js';
import type { InstallFeed } from './install-feed.js';
import type { InstallLogBuffer, NewLine } from './install-log-buffer.js';
import type { InstallEvent, StageReport } from './install-event.js';
import type { InstallRecord } from './install-record.js';
import type { InstallStore } from './install.store.js';
import { cleanLine } from './log-text.js';
import type { LogSource, ReportedLine } from './report-body.js';
import { progressOf } from './reported-progress.js';

/** A stage event without what is the same for all, and what it doesn't say. */
export type StagePart = Pick<StageReport, 'stage' | 'event'> & Partial<Omit<StageReport, 'type' | 'at'>>;

/** `netboot`: what the bastion saw of a machine on its way to its kernel; no machine can say that itself. */
type WrittenLine = Omit<ReportedLine, 'source'> & { source: LogSource | 'netboot' };

export interface InstallWriterParts {
  store: InstallStore;
  logs: InstallLogBuffer;
  sink: FactSink;
  feed: InstallFeed;
  clock: Clock;
  log: BastionLog;
}

/** Writes what happens to installs: every fact is on the disk before it is answered. */
export class InstallWriter {
  constructor(private readonly parts: InstallWriterParts) {}

  /** Runs work on an install alone: nothing else changes it meanwhile. */
  exclusive<T>(installId: string, work: () => Promise<T>): Promise<T> {
    return this.parts.store.exclusive(installId, work);
  }

  /** The record of a planned install, made if this is the first that is heard of it. */
  async planned(server: ServerPlan, plan: InstallPlan, mac: MacAddress): Promise<InstallRecord> {
    const { installId } = plan;
    const known = this.parts.store.get(installId);
    if (known !== undefined) return known;
    const macs = [...new Set([mac, ...server.macs])];
    const at = this.parts.clock.now();
    return this.parts.store.append(installId, [
      { type: 'planned', at, installId, serverId: server.serverId, macs, plan },
    ]);
  }

  /** Facts first, then the install's own file: a crash between them makes a fact twice, which is harmless; never none. */
  async report(
    record: InstallRecord,
    parts: readonly StagePart[],
    others: readonly InstallEvent[] = [],
  ): Promise<void> {
    const at = this.parts.clock.now();
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
    if (reports.length > 0) {
      await this.parts.sink.progress(reports.map((report) => progressOf(record.installId, report)));
    }
    await this.parts.store.append(record.installId, [...others, ...reports]);
    this.parts.feed.wake(record.macs);
  }

  /** Takes log lines. Resolved: they will survive a crash. */
  async log(
    record: InstallRecord,
    lines: readonly WrittenLine[],
  ): Promise<{ accepted: number; total: number }> {
    if (lines.length === 0) return { accepted: 0, total: await this.parts.logs.total(record.installId) };
    const at = new Date(this.parts.clock.now()).toISOString();
    const stage = record.currentStage;
    const cleaned = lines.map(({ source, text, seq }): NewLine => ({
      at,
      source,
      stage,
      text: withoutTokens(cleanLine(text)),
      seq: seq ?? undefined,
    }));
    return this.parts.logs.append(record.installId, record.ringMac, cleaned, record.boot);
  }

  /** A line of the bastion itself. It is a help, so that an install doesn't fail for want of it. */
  async note(record: InstallRecord, text: string, source: 'bastion' | 'netboot' = 'bastion'): Promise<void> {
    try {
      await this.log(record, [{ source, text }]);
    } catch (error) {
      this.parts.log.warn(
        { installId: record.installId, text, err: error },
        'a line of the log was not kept',
      );
    }
  }
}

/** dracut and the kernel's command line name the kickstart's address, and the machine's own redaction begins later. */
const withoutTokens = (line: string): string =>
  line.includes('/ks/install/') ? line.replace(/\/ks\/install\/[A-Za-z0-9_-]+/g, '/ks/install/***') : line;
