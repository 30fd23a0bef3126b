import { constants } from 'node:fs';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LabError } from '@lab/domain';
import { syncFolder } from './atomic-file.js';
import { Damage } from './damage.js';
import { storageError } from './storage-error.js';

const CHUNK_BYTES = 256 * 1024;
/** Far more than the largest line that is written: a plan of 500 servers. */
const LONGEST_LINE_BYTES = 64 * 1024 * 1024;
/** More than this waiting to be written means that the disk doesn't keep up: the machines have to wait and repeat. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;

/** Judges a line that is read back: false for one that can't be what was written. */
export type ReadLine = (line: string, offset: number) => boolean;

interface Waiting {
  data: Buffer;
  sync: boolean;
  resolve: (offset: number) => void;
  reject: (error: LabError) => void;
}

/**
 * An append-only file of lines. Appends that come while the disk is busy are written and synced together (group commit).
 * A tail that a crash tore is cut off when the file is opened. What is unreadable otherwise was damaged: a copy of the file goes
 * aside, and blanks stand in place of it, so that what is readable stays where it is.
 */
export class Journal {
  #queue: Waiting[] = [];
  #waitingBytes = 0;
  #draining: Promise<void> | undefined;
  #closed = false;

  private constructor(
    readonly path: string,
    private handle: FileHandle,
    private size: number,
    /** A line in the middle was unreadable: not a torn tail, but damage. It was skipped. */
    readonly damaged: boolean,
  ) {}

  /** Opens or creates the file and hands every readable line to `read`, in order. */
  static async open(path: string, read: ReadLine, damage = new Damage()): Promise<Journal> {
    const handle = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    try {
      const found = await readLines(handle, read);
      const { size } = await handle.stat();
      if (found.refused.length > 0) {
        await damage.copyAside(path, 'What could be read of it goes on; the copy has the rest.');
        for (const { from, to } of found.refused) if (to <= found.end) await blank(handle, from, to);
        await handle.datasync();
      }
      if (size !== found.end) {
        await handle.truncate(found.end);
        await handle.datasync();
      }
      if (size === 0) await syncFolder(dirname(path));
      return new Journal(path, handle, found.end, found.damaged);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Bytes on disk. */
  get bytes(): number {
    return this.size;
  }

  /**
   * Appends whole lines (each ended by a newline) and answers where they begin. With `sync` it resolves once they are
   * on the disk. Raises `not-ready` if they could not be kept; the file is then as it was.
   */
  append(lines: string, sync: boolean): Promise<number> {
    if (this.#closed) return Promise.reject(storageError(new Error('closed'), this.path));
    const data = Buffer.from(lines);
    if (this.#waitingBytes + data.length > MAX_WAITING_BYTES) {
      return Promise.reject(
        new LabError('not-ready', "The bastion's disk doesn't keep up", {
          hint: 'Repeat the request later.',
        }),
      );
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ data, sync, resolve, reject });
      this.#waitingBytes += data.length;
      this.#draining ??= this.#drain();
    });
  }

  /** Resolves when everything that was appended so far is on the disk. */
  async sync(): Promise<void> {
    if (!this.#closed) await this.append('', true);
  }

  /** Replaces the whole file atomically. Call it only while no append is under way. */
  async replace(lines: Iterable<string>): Promise<void> {
    await this.#draining;
    const temporary = `${this.path}.tmp`;
    await rm(temporary, { force: true });
    const next = await open(temporary, 'wx+', 0o600);
    try {
      let size = 0;
      let chunk = '';
      for (const line of lines) {
        chunk += line;
        if (chunk.length < CHUNK_BYTES) continue;
        size += await writeAll(next, Buffer.from(chunk), size);
        chunk = '';
      }
      size += await writeAll(next, Buffer.from(chunk), size);
      await next.sync();
      await rename(temporary, this.path);
      await this.handle.close();
      this.handle = next;
      this.size = size;
    } catch (error) {
      await next.close();
      await rm(temporary, { force: true });
      throw storageError(error, this.path);
    }
    await syncFolder(dirname(this.path));
  }

  /** Reads lines from `offset` on, until `read` answers false or the file ends. */
  async scan(offset: number, read: ReadLine): Promise<void> {
    await readLines(this.handle, read, offset, this.size);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    await this.#draining;
    this.#closed = true;
    await this.handle.close();
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0);
      const data = Buffer.concat(batch.map((waiting) => waiting.data));
      let offset = this.size;
      try {
        if (data.length > 0) await writeAll(this.handle, data, this.size);
        if (batch.some((waiting) => waiting.sync)) await this.handle.datasync();
        this.size += data.length;
        for (const waiting of batch) {
          waiting.resolve(offset);
          offset += waiting.data.length;
        }
      } catch (error) {
        // What was written of the batch must not be found later: nobody was told that it was kept.
        await this.handle.truncate(this.size).catch(() => undefined);
        for (const waiting of batch) waiting.reject(storageError(error, this.path));
      }
      this.#waitingBytes -= data.length;
    }
    this.#draining = undefined;
  }
}

async function writeAll(handle: FileHandle, data: Buffer, position: number): Promise<number> {
  let written = 0;
  while (written < data.length) {
    const { bytesWritten } = await handle.write(data, written, data.length - written, position + written);
    written += bytesWritten;
  }
  return written;
}

/** Spaces and newlines are passed over. */
async function blank(handle: FileHandle, from: number, to: number): Promise<void> {
  const spaces = Buffer.alloc(Math.min(CHUNK_BYTES, to - from), ' ');
  for (let at = from; at < to; at += spaces.length) {
    await writeAll(handle, spaces.subarray(0, Math.min(spaces.length, to - at)), at);
  }
}

interface Found {
  /** Behind the last readable line. */
  end: number;
  /** A refused line has readable ones behind it. */
  damaged: boolean;
  /** What no crash while writing leaves behind: all but a beginning of a line at the end. */
  refused: { from: number; to: number }[];
}

const isBlank = (data: Buffer): boolean => data.every((byte) => byte === 0x20);
/** A write that a crash cut short: lines begin with a brace and hold no zero bytes. */
const isTorn = (rest: Buffer): boolean => rest[0] === 0x7b && !rest.includes(0);

/**
 * Hands over lines until `read` refuses one. When opening (no `limit`), goes on after a refused line: refused lines with
 * readable ones behind them are damage, those at the end are a torn tail, and `end` is where it begins.
 */
async function readLines(handle: FileHandle, read: ReadLine, from = 0, limit?: number): Promise<Found> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  const found: Found = { end: from, damaged: false, refused: [] };
  let parts: Buffer[] = [];
  let kept = 0;
  let lineStart = from;
  let position = from;
  const refuse = (to: number): void => {
    const last = found.refused.at(-1);
    if (last?.to === lineStart) last.to = to;
    else found.refused.push({ from: lineStart, to });
  };
  for (;;) {
    const want = limit === undefined ? chunk.length : Math.min(chunk.length, limit - position);
    const { bytesRead } = await handle.read(chunk, 0, want, position);
    if (bytesRead === 0) break;
    const data = chunk.subarray(0, bytesRead);
    let start = 0;
    for (let stop = data.indexOf(0x0a); stop !== -1; stop = data.indexOf(0x0a, start)) {
      const isTooLong = kept > LONGEST_LINE_BYTES;
      const line = Buffer.concat([...parts, data.subarray(start, stop)]);
      const next = position + stop + 1;
      const isGood = !isTooLong && (isBlank(line) || read(line.toString('utf8'), lineStart));
      if (isGood) {
        if (found.refused.length > 0) found.damaged = true;
        found.end = next;
      } else if (limit === undefined) refuse(next - 1);
      else return found;
      [parts, kept, start, lineStart] = [[], 0, stop + 1, next];
    }
    kept += bytesRead - start;
    if (kept <= LONGEST_LINE_BYTES) parts.push(Buffer.from(data.subarray(start)));
    else parts = [];
    position += bytesRead;
  }
  const rest = Buffer.concat(parts);
  if (limit === undefined && kept > 0 && (kept > rest.length || !isTorn(rest))) refuse(position);
  return found;
}
