import type { LogLine } from '@lab/protocol';

/** Lines that are kept in memory for each machine. */
export const RING_LINES = 2_000;

/** What a line costs in memory besides its text: the object, its strings' heads, its place in the ring. */
const LINE_OVERHEAD = 160;
const costOf = (line: LogLine): number => LINE_OVERHEAD + line.text.length;

/** The newest lines of one install, with consecutive numbers. */
export class LogRing {
  /** Circular once it is full: `#start` is the oldest. */
  #lines: LogLine[] = [];
  #start = 0;
  /** About what it takes of the memory, in bytes. */
  bytes = 0;

  constructor(readonly installId: string) {}

  push(line: LogLine): void {
    this.bytes += costOf(line);
    if (this.#lines.length < RING_LINES) {
      this.#lines.push(line);
      return;
    }
    const oldest = this.#lines[this.#start];
    if (oldest !== undefined) this.bytes -= costOf(oldest);
    this.#lines[this.#start] = line;
    this.#start = (this.#start + 1) % RING_LINES;
  }

  /** Number of the oldest line that is here; undefined if there is none. */
  get first(): number | undefined {
    return this.#lines[this.#start]?.number;
  }

  /** At most `max` lines after `number`; undefined if some of them are not here any more. */
  after(number: number, max: number): LogLine[] | undefined {
    const first = this.first;
    if (first === undefined || number + 1 < first) return undefined;
    const lines: LogLine[] = [];
    for (let at = number + 1 - first; at < this.#lines.length && lines.length < max; at += 1) {
      const line = this.#lines[(this.#start + at) % this.#lines.length];
      if (line !== undefined) lines.push(line);
    }
    return lines;
  }
}
