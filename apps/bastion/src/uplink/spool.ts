import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '@lab/domain';
import type { Fact, FactSource, SpooledFact } from '@lab/protocol';
import { readFileIfThere, syncFolder } from '../storage/atomic-file.js';
import { Damage } from '../storage/damage.js';
import { storageError } from '../storage/storage-error.js';
import {
  RESENT,
  finishMending,
  mend,
  openSegments,
  readNumbering,
  writeNumbering,
  type Numbering,
  type SpoolOptions,
} from './spool-folder.js';
import { SpoolSegment } from './spool-segment.js';

const SEGMENT_BYTES = 4 * 1024 * 1024;
/** The newest facts are kept in memory up to this many bytes of JSON: a reader that keeps up never reads the disk. */
const TAIL_BYTES = 2 * 1024 * 1024;
/** JSON of facts written in one go. */
const COMMIT_BYTES = 1024 * 1024;

interface Waiting {
  facts: readonly Fact[];
  json: readonly string[];
  bytes: number;
  resolve: () => void;
  reject: (error: LabError) => void;
}

/**
 * The durable queue of one stream towards labd: segment files that facts are appended to, and that go when labd has
 * acked all of them. `append` resolves once the facts are on the disk; appends that wait for the disk share one sync.
 */
export class Spool implements FactSource {
  #queue: Waiting[] = [];
  #waitingBytes = 0;
  #draining: Promise<void> | undefined;
  #tail: (SpooledFact & { bytes: number })[] = [];
  #tailBytes = 0;
  #listeners = new Set<() => void>();
  #beforeDrop: () => Promise<void> = () => Promise.resolve();
  #dropping: Promise<void> = Promise.resolve();

  private constructor(
    private readonly options: SpoolOptions,
    private numbers: Numbering,
    /** Oldest first; the last one is appended to. Never empty. */
    private segments: SpoolSegment[],
    /** True if there was no spool, or one that could not be used: labd knows nothing of this epoch. */
    readonly isNew: boolean,
  ) {}

  static async open(options: SpoolOptions): Promise<Spool> {
    const { folder } = options;
    await finishMending(folder);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const kept = await readNumbering(folder);
    const segments = await openSegments(options);
    if (kept !== undefined && segments !== undefined) return new Spool(options, kept, segments, false);
    if (segments === undefined) {
      const mended = await mend(options);
      return new Spool(options, mended.numbers, mended.segments, true);
    }
    // Only the name is lost, or there is nothing yet: labd gets all that is here as a new epoch.
    const { damage = new Damage() } = options;
    const nameFile = join(folder, 'epoch.json');
    if ((await readFileIfThere(nameFile)) !== undefined) await damage.moveAside(nameFile, RESENT);
    if (segments.length === 0) segments.push((await SpoolSegment.open(folder, 1, () => undefined)).segment);
    const fresh: Numbering = { epoch: randomUUID(), base: at(segments, 0).first - 1 };
    await writeNumbering(folder, fresh);
    return new Spool(options, fresh, segments, true);
  }

  get epoch(): string {
    return this.numbers.epoch;
  }

  /** The oldest seq that can still be read; one more than {@link lastSeq} if there is none. */
  get firstSeq(): number {
    return this.#oldest.first - this.numbers.base;
  }

  /** The newest seq that is on the disk; 0 if there is none. */
  get lastSeq(): number {
    return this.#newest.last - this.numbers.base;
  }

  /** Bytes on disk. */
  get bytes(): number {
    return this.segments.reduce((sum, segment) => sum + segment.bytes, 0);
  }

  /** Work that has to be done before facts are dropped from the disk. */
  beforeDrop(work: () => Promise<void>): void {
    this.#beforeDrop = work;
  }

  append(facts: readonly Fact[]): Promise<void> {
    if (facts.length === 0) return Promise.resolve();
    const json = facts.map((fact) => JSON.stringify(fact));
    const bytes = json.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    if (this.bytes + this.#waitingBytes + bytes > this.options.maxBytes) return Promise.reject(full());
    return new Promise((resolve, reject) => {
      this.#queue.push({ facts, json, bytes, resolve, reject });
      this.#waitingBytes += bytes;
      this.#draining ??= this.#drain();
    });
  }

  async readAfter(seq: number, max: number): Promise<SpooledFact[]> {
    if (seq + 1 < this.firstSeq || seq > this.lastSeq) {
      throw new LabError('internal', `the spool has ${this.firstSeq} to ${this.lastSeq}, not ${seq + 1}`);
    }
    const oldestInTail = this.#tail[0]?.seq;
    const number = seq + this.numbers.base;
    if (oldestInTail !== undefined && number + 1 >= oldestInTail) {
      const start = number + 1 - oldestInTail;
      return this.#tail.slice(start, start + max).map((kept) => this.#onLink(kept));
    }
    const segment = this.segments.find((candidate) => candidate.last > number);
    if (segment === undefined) return [];
    return (await segment.readAfter(number, max)).map((kept) => this.#onLink(kept));
  }

  acked(seq: number): Promise<void> {
    const number = seq + this.numbers.base;
    const kept = this.#tail.findIndex((fact) => fact.seq > number);
    const gone = this.#tail.splice(0, kept === -1 ? this.#tail.length : kept);
    this.#tailBytes -= gone.reduce((sum, fact) => sum + fact.bytes, 0);
    this.#dropping = this.#dropping.then(() => this.#dropUpTo(number));
    return this.#dropping;
  }

  onAppended(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Begins a new epoch with all facts that are on the disk: for a labd that doesn't know this spool any more, or knows
   * more of it than there is. Only while no session reads the spool.
   */
  async renew(): Promise<void> {
    await this.#draining;
    const next: Numbering = { epoch: randomUUID(), base: this.#oldest.first - 1 };
    await writeNumbering(this.options.folder, next);
    this.numbers = next;
  }

  async close(): Promise<void> {
    await this.#draining;
    await this.#dropping.catch(() => undefined);
    await Promise.all(this.segments.map((segment) => segment.close()));
  }

  get #oldest(): SpoolSegment {
    return at(this.segments, 0);
  }

  get #newest(): SpoolSegment {
    return at(this.segments, this.segments.length - 1);
  }

  #onLink({ seq, fact }: SpooledFact): SpooledFact {
    return { seq: seq - this.numbers.base, fact };
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#takeBatch();
      try {
        await this.#rotateIfFull();
        const segment = this.#newest;
        const first = segment.last + 1;
        await segment.append(batch.flatMap((waiting) => waiting.json));
        this.#remember(first, batch);
        for (const waiting of batch) waiting.resolve();
        for (const listener of this.#listeners) listener();
      } catch (error) {
        const cause = error instanceof LabError ? error : storageError(error, this.options.folder);
        for (const waiting of batch) waiting.reject(cause);
      }
      for (const waiting of batch) this.#waitingBytes -= waiting.bytes;
    }
    this.#draining = undefined;
  }

  #takeBatch(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const waiting of this.#queue) {
      if (count > 0 && bytes + waiting.bytes > COMMIT_BYTES) break;
      bytes += waiting.bytes;
      count += 1;
    }
    return this.#queue.splice(0, count);
  }

  async #rotateIfFull(): Promise<void> {
    const { folder, segmentBytes = SEGMENT_BYTES } = this.options;
    if (this.#newest.bytes < segmentBytes) return;
    const { segment } = await SpoolSegment.open(folder, this.#newest.last + 1, () => undefined);
    this.segments.push(segment);
  }

  #remember(first: number, batch: readonly Waiting[]): void {
    let seq = first;
    for (const waiting of batch) {
      for (const [index, fact] of waiting.facts.entries()) {
        const bytes = waiting.json[index]?.length ?? 0;
        this.#tail.push({ seq, fact, bytes });
        this.#tailBytes += bytes;
        seq += 1;
      }
    }
    let excess = 0;
    while (this.#tailBytes > TAIL_BYTES && excess < this.#tail.length) {
      this.#tailBytes -= this.#tail[excess]?.bytes ?? 0;
      excess += 1;
    }
    this.#tail.splice(0, excess);
  }

  async #dropUpTo(number: number): Promise<void> {
    const gone = this.segments.filter((segment) => segment !== this.#newest && segment.last <= number);
    if (gone.length === 0) return;
    await this.#beforeDrop();
    this.segments = this.segments.filter((segment) => !gone.includes(segment));
    for (const segment of gone) {
      await segment.close();
      await rm(segment.path, { force: true });
    }
    await syncFolder(this.options.folder);
  }
}

function at(segments: readonly SpoolSegment[], index: number): SpoolSegment {
  const segment = segments[index];
  if (segment === undefined) throw new LabError('internal', 'the spool has no segment');
  return segment;
}

const full = (): LabError =>
  new LabError('not-ready', "The bastion's spool is full: labd has not taken anything for long", {
    hint: 'Repeat the request later; check the link with labd.',
  });
