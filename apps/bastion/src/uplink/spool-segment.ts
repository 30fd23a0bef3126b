import { join } from 'node:path';
import type { Fact, SpooledFact } from '@lab/protocol';
import type { Damage } from '../storage/damage.js';
import { Journal } from '../storage/journal.js';

/** An offset is remembered for every so many facts, so that a reader that is far behind doesn't read from the start. */
const INDEX_EVERY = 64;
const NAME = /^(\d{16})\.ndjson$/;

/** The first number of a segment by its file's name; undefined for another file. */
export function firstNumberOf(fileName: string): number | undefined {
  const digits = NAME.exec(fileName)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

export const segmentName = (first: number): string => `${first.toString().padStart(16, '0')}.ndjson`;

/** A file of a spool: facts with consecutive numbers. Numbers are the spool's own and never begin anew. */
export class SpoolSegment {
  #offsets: number[] = [];

  private constructor(
    private readonly journal: Journal,
    readonly first: number,
    /** The number of the newest fact; `first - 1` when there is none. */
    public last: number,
  ) {}

  static async open(
    folder: string,
    first: number,
    found: (fact: Fact) => void,
    damage?: Damage,
  ): Promise<{ segment: SpoolSegment; damaged: boolean }> {
    let next = first;
    let misplaced = false;
    const offsets: number[] = [];
    const journal = await Journal.open(
      join(folder, segmentName(first)),
      (line, offset) => {
        const spooled = parse(line);
        if (spooled === undefined) return false;
        if (spooled.seq !== next) misplaced = true;
        if (misplaced) return true;
        if ((next - first) % INDEX_EVERY === 0) offsets[(next - first) / INDEX_EVERY] = offset;
        next += 1;
        found(spooled.fact);
        return true;
      },
      damage,
    );
    const segment = new SpoolSegment(journal, first, next - 1);
    segment.#offsets = offsets;
    return { segment, damaged: journal.damaged || misplaced };
  }

  get path(): string {
    return this.journal.path;
  }

  get bytes(): number {
    return this.journal.bytes;
  }

  /** Appends facts, given as JSON, and syncs them. Only one append may be under way. */
  async append(facts: readonly string[]): Promise<void> {
    let lines = '';
    const added: number[] = [];
    let number = this.last;
    for (const fact of facts) {
      number += 1;
      if ((number - this.first) % INDEX_EVERY === 0) added.push(Buffer.byteLength(lines));
      lines += `{"seq":${number},"fact":${fact}}\n`;
    }
    const start = await this.journal.append(lines, true);
    this.#offsets.push(...added.map((at) => start + at));
    this.last = number;
  }

  /** At most `max` facts after `number`, oldest first. */
  async readAfter(number: number, max: number): Promise<SpooledFact[]> {
    const facts: SpooledFact[] = [];
    const from = this.#offsets[Math.floor((number + 1 - this.first) / INDEX_EVERY)] ?? 0;
    await this.journal.scan(from, (line) => {
      const spooled = parse(line);
      if (spooled !== undefined && spooled.seq > number) facts.push(spooled);
      return facts.length < max;
    });
    return facts;
  }

  async close(): Promise<void> {
    await this.journal.close();
  }
}

/** Every fact of a segment that can be read, whatever its number; oldest first. */
export async function readableFacts(path: string): Promise<Fact[]> {
  const facts: Fact[] = [];
  const journal = await Journal.open(path, (line) => {
    const spooled = parse(line);
    if (spooled !== undefined) facts.push(spooled.fact);
    return spooled !== undefined;
  });
  await journal.close();
  return facts;
}

const TYPES: readonly string[] = [
  'bastion-state-sync',
  'bastion-progress',
  'bastion-log',
] satisfies Fact['type'][];

/** Lines are our own, written by {@link SpoolSegment.append}: one with these fields and the right number is intact. */
function parse(line: string): SpooledFact | undefined {
  try {
    const spooled = JSON.parse(line) as Partial<SpooledFact> | null;
    const isIntact =
      Number.isSafeInteger(spooled?.seq) &&
      TYPES.includes(spooled?.fact?.type ?? '') &&
      typeof spooled?.fact?.payload === 'object';
    return isIntact ? (spooled as SpooledFact) : undefined;
  } catch {
    return undefined;
  }
}
