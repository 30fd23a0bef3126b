import type { LogLine } from '@lab/protocol';

/** Lines that are kept in memory for each machine. */
export const RING_LINES = 2_000;

/** What lines that came together have in common: one object for all of them. */
type Head = Pick<LogLine, 'at' | 'source' | 'stage'>;

/** What a line costs in memory besides its text: the string's head, its places in the ring, its part of a head. */
const LINE_OVERHEAD = 64;
const costOf = (text: string): number => LINE_OVERHEAD + text.length;

/** The newest lines of one install, with consecutive numbers. */
export class LogRing {
  /** Circular once they are full: `#start` is the oldest. */
  readonly #texts: string[] = [];
  readonly #heads: Head[] = [];
  #start = 0;
  #newest: Head | undefined;
  #lastNumber = 0;
  /** About what it takes of the memory, in bytes. */
  bytes = 0;

  constructor(readonly installId: string) {}

  push({ number, at, source, stage, text }: LogLine): void {
    const { at: lastAt, source: lastSource, stage: lastStage } = this.#newest ?? {};
    if (this.#newest === undefined || at !== lastAt || source !== lastSource || stage !== lastStage) {
      this.#newest = { at, source, stage };
    }
    this.#lastNumber = number;
    this.bytes += costOf(text);
    if (this.#texts.length < RING_LINES) {
      this.#texts.push(text);
      this.#heads.push(this.#newest);
      return;
    }
    this.bytes -= costOf(this.#texts[this.#start] ?? '');
    this.#texts[this.#start] = text;
    this.#heads[this.#start] = this.#newest;
    this.#start = (this.#start + 1) % RING_LINES;
  }

  /** Number of the oldest line that is here; undefined if there is none. */
  get first(): number | undefined {
    return this.#texts.length === 0 ? undefined : this.#lastNumber - this.#texts.length + 1;
  }

  /** At most `max` lines after `number`; undefined if some of them are not here any more. */
  after(number: number, max: number): LogLine[] | undefined {
    const { first } = this;
    if (first === undefined || number + 1 < first) return undefined;
    const lines: LogLine[] = [];
    const count = this.#texts.length;
    for (let at = number + 1 - first; at < count && lines.length < max; at += 1) {
      const place = (this.#start + at) % count;
      const [head, text] = [this.#heads[place], this.#texts[place]];
      if (head !== undefined && text !== undefined) lines.push({ number: first + at, ...head, text });
    }
    return lines;
  }
}
