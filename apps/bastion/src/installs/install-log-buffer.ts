import { LabError, type MacAddress, type StageName } from '@lab/domain';
import { MAX_LINES_PER_BATCH, type LogBatch, type LogLine } from '@lab/protocol';
import { join } from 'node:path';
import type { FactSink } from '../uplink/fact-sink.js';
import type { Damage } from '../storage/damage.js';
import { OpenPool } from '../storage/open-pool.js';
import { InstallLog, plainLine, type KeptLine } from './install-log.js';
import { LogRing, RING_LINES } from './log-ring.js';

/** Rings of all machines together take about so much of the memory; the longest silent one goes first. */
const MAX_RING_BYTES = 16 * 1024 * 1024;
/** Lines that wait for the disk, of one install. Machines send a batch after the other, so this is never reached by one that behaves. */
const MAX_PENDING_LINES = 20_000;
const MAX_LOG_BYTES = 256 * 1024 * 1024;
/** A fact has to fit into a frame of the link. */
const MAX_FACT_BYTES = 512 * 1024;
const LINES_PER_FACT = Math.min(500, MAX_LINES_PER_BATCH);
const OPEN_LOGS = 256;

/** A line that is to be numbered and kept; its text is clean. `at` is the bastion's clock. */
export interface NewLine {
  at: string;
  source: string;
  stage: StageName | null;
  text: string;
  seq?: number | undefined;
}

interface Pending {
  lines: readonly NewLine[];
  boot: number;
  resolve: (result: { accepted: number; total: number }) => void;
  reject: (error: unknown) => void;
}

export interface LogBufferOptions {
  sink: FactSink;
  folderOf: (installId: string) => string;
  /** Told after lines of an install can be read. */
  added: (installId: string) => void;
  /** A line is safe with labd's spool, but this file could not take it. */
  fileFailed: (installId: string, error: unknown) => void;
  damage?: Damage;
  /** Of the lines of one install; more are refused. Default 256 MiB. */
  maxLogBytes?: number;
}

/**
 * The log lines of installs: numbered from 1 per install, the newest {@link RING_LINES} of each machine in memory, all of
 * them in a file. Lines that arrive while the disk is busy are committed together, in order.
 */
export class InstallLogBuffer {
  /** By machine, in the order of their last line. */
  #rings = new Map<MacAddress, LogRing>();
  #ringBytes = 0;
  #pending = new Map<string, { queue: Pending[]; lines: number }>();
  #work = new Set<Promise<void>>();
  #logs: OpenPool<InstallLog>;

  constructor(private readonly options: LogBufferOptions) {
    this.#logs = new OpenPool(OPEN_LOGS, (id) =>
      InstallLog.open(join(options.folderOf(id), 'log.ndjson'), options.damage),
    );
    options.sink.beforeDroppingLogs(() => this.sync());
  }

  /** Keeps lines; resolved means that they will survive a crash. `boot` counts how often the install was booted. */
  append(
    installId: string,
    mac: MacAddress,
    lines: readonly NewLine[],
    boot: number,
  ): Promise<{ accepted: number; total: number }> {
    const pending = this.#pending.get(installId) ?? { queue: [], lines: 0 };
    if (pending.lines + lines.length > MAX_PENDING_LINES) {
      return Promise.reject(
        new LabError('not-ready', 'The bastion has not kept the lines before these yet', {
          hint: 'Send a batch when the one before was answered.',
        }),
      );
    }
    pending.lines += lines.length;
    return new Promise((resolve, reject) => {
      pending.queue.push({ lines, boot, resolve, reject });
      if (this.#pending.has(installId)) return;
      this.#pending.set(installId, pending);
      const work = this.#commitAll(installId, mac, pending).finally(() => this.#work.delete(work));
      this.#work.add(work);
    });
  }

  total(installId: string): Promise<number> {
    return this.#logs.use(installId, (log) => log.total);
  }

  /** At most `max` lines after `number`, from memory if they are there. */
  async after(installId: string, mac: MacAddress, number: number, max: number): Promise<LogLine[]> {
    const ring = this.#rings.get(mac);
    const inMemory = ring?.installId === installId ? ring.after(number, max) : undefined;
    return inMemory ?? this.#logs.use(installId, (log) => log.after(number, max));
  }

  /** Lines that a power cut took from the files, but not from the spool. */
  async restore(batch: LogBatch): Promise<void> {
    await this.#logs.use(batch.installId, async (log) => {
      const lost = batch.lines.filter((line) => line.number > log.total);
      if (lost.length > 0) await log.write(lost.map((line) => ({ ...line, boot: log.boot })));
    });
  }

  /** Resolves when all lines so far are in their files on the disk. */
  async sync(): Promise<void> {
    for (const log of await this.#logs.opened()) await log.sync();
  }

  async close(): Promise<void> {
    await Promise.all(this.#work);
    await this.#logs.close();
  }

  async #commitAll(
    installId: string,
    mac: MacAddress,
    pending: { queue: Pending[]; lines: number },
  ): Promise<void> {
    while (pending.queue.length > 0) {
      const round = pending.queue.splice(0);
      for (const waiting of round) pending.lines -= waiting.lines.length;
      try {
        await this.#logs.use(installId, (log) => this.#commit(installId, mac, log, round));
      } catch (error) {
        for (const waiting of round) waiting.reject(error);
      }
    }
    this.#pending.delete(installId);
  }

  async #commit(
    installId: string,
    mac: MacAddress,
    log: InstallLog,
    round: readonly Pending[],
  ): Promise<void> {
    const max = this.options.maxLogBytes ?? MAX_LOG_BYTES;
    if (log.bytes > max) throw tooLong(max);
    const { lines, accepted } = number(log, round);
    if (lines.length > 0) {
      await this.#keep(installId, mac, log, lines);
      const last = lines.at(-1);
      if (last !== undefined && log.bytes > max)
        await this.#keep(installId, mac, log, [lastAfter(last, max)]);
      this.options.added(installId);
    }
    for (const [at, waiting] of round.entries()) {
      waiting.resolve({ accepted: accepted[at] ?? 0, total: log.total });
    }
  }

  async #keep(
    installId: string,
    mac: MacAddress,
    log: InstallLog,
    lines: readonly KeptLine[],
  ): Promise<void> {
    // All or nothing: a part of them must not get numbers that the rest then takes again.
    await this.options.sink.logs([...batchesOf(installId, lines)]);
    await this.#write(installId, log, lines);
    this.#remember(installId, mac, lines);
  }

  async #write(installId: string, log: InstallLog, lines: readonly KeptLine[]): Promise<void> {
    await log.write(lines).catch((error: unknown) => this.options.fileFailed(installId, error));
  }

  #remember(installId: string, mac: MacAddress, lines: readonly KeptLine[]): void {
    let ring = this.#rings.get(mac);
    this.#rings.delete(mac);
    if (ring?.installId !== installId) {
      this.#ringBytes -= ring?.bytes ?? 0;
      ring = new LogRing(installId);
    }
    this.#rings.set(mac, ring);
    this.#ringBytes -= ring.bytes;
    for (const line of lines.slice(-RING_LINES)) ring.push(plainLine(line));
    this.#ringBytes += ring.bytes;
    for (const [other, silent] of this.#rings) {
      if (this.#ringBytes <= MAX_RING_BYTES || other === mac) break;
      this.#rings.delete(other);
      this.#ringBytes -= silent.bytes;
    }
  }
}

/** Numbers the lines of a round, without those that their source has sent before. */
function number(log: InstallLog, round: readonly Pending[]): { lines: KeptLine[]; accepted: number[] } {
  const lines: KeptLine[] = [];
  const inRound = new Set<string>();
  const accepted = round.map(({ lines: reported, boot }) => {
    const before = lines.length;
    for (const { seq, at, source, stage, text } of reported) {
      if (seq !== undefined) {
        const key = `${boot} ${source} ${seq}`;
        if (inRound.has(key) || (boot === log.boot && log.hasSeen(source, seq))) continue;
        inRound.add(key);
      }
      const next = log.total + lines.length + 1;
      lines.push({ number: next, at, source, stage, text, ...(seq !== undefined && { seq }), boot });
    }
    return lines.length - before;
  });
  return { lines, accepted };
}

function* batchesOf(installId: string, lines: readonly KeptLine[]): Generator<LogBatch> {
  let batch: LogLine[] = [];
  let bytes = 0;
  for (const line of lines) {
    const plain = plainLine(line);
    // JSON takes at most six bytes for a UTF-16 unit, and three for most that aren't ASCII.
    const size = Buffer.byteLength(JSON.stringify(plain));
    if (batch.length > 0 && (batch.length >= LINES_PER_FACT || bytes + size > MAX_FACT_BYTES)) {
      yield { installId, lines: batch };
      batch = [];
      bytes = 0;
    }
    batch.push(plain);
    bytes += size;
  }
  if (batch.length > 0) yield { installId, lines: batch };
}

/** So that who reads the log knows that there was more. */
const lastAfter = ({ number, at, stage, boot }: KeptLine, max: number): KeptLine => ({
  ...{ number: number + 1, at, source: 'bastion', stage, boot },
  text: `The log has reached ${max / 1024 / 1024} MiB: lines after this one are not kept. The install goes on.`,
});

const tooLong = (max: number): LabError =>
  new LabError('too-large', `The log of this install has more than ${max / 1024 / 1024} MiB`, {
    hint: 'Send no more lines; the install goes on.',
  });
