import type { LogLine } from '@lab/protocol';
import type { Damage } from '../storage/damage.js';
import { Journal } from '../storage/journal.js';
import { storageError } from '../storage/storage-error.js';
import { SeenNumbers } from './seen-numbers.js';

/** Where a line begins is remembered for every so many lines. */
const INDEX_EVERY = 256;

/** A line in the file: as on the link, with what tells a repeat from a new line. */
export interface KeptLine extends LogLine {
  /** The source's own number, if it gave one. */
  seq?: number;
  /** Which boot of the install it belongs to: after another one sources count from 1 again. */
  boot: number;
}

export const plainLine = ({ number, at, source, stage, text }: LogLine): LogLine => ({
  number,
  at,
  source,
  stage,
  text,
});

/** The file of all log lines of one install, and what a restart has to know of it. */
export class InstallLog {
  /** Number of the newest line; 0 if there is none. */
  total = 0;
  /** The newest boot that lines belong to. */
  boot = 0;
  #index: { number: number; offset: number }[] = [];
  #written = 0;
  #seen = new Map<string, SeenNumbers>();
  #dirty = false;
  #journal: Journal | undefined;

  private constructor(private readonly path: string) {}

  static async open(path: string, damage?: Damage): Promise<InstallLog> {
    const log = new InstallLog(path);
    try {
      log.#journal = await Journal.open(
        path,
        (text, offset) => {
          const line = parse(text);
          if (line === undefined || !(line.number > log.total)) return false;
          log.#note(line, offset);
          return true;
        },
        damage,
      );
      return log;
    } catch (error) {
      throw storageError(error, path);
    }
  }

  /** Bytes in the file. */
  get bytes(): number {
    return this.#file.bytes;
  }

  /** Whether that source has sent that number before, in the boot of the newest lines. */
  hasSeen(source: string, seq: number): boolean {
    return this.#seen.get(source)?.has(seq) ?? false;
  }

  /** Writes lines with rising numbers. They are in the file when it resolves, and on the disk after `sync`. */
  async write(lines: readonly KeptLine[]): Promise<void> {
    const texts = lines.map((line) => `${JSON.stringify(line)}\n`);
    // Noted first: also a line that the file could not take has its number.
    const placed = lines.map((line) => this.#count(line));
    let offset = await this.#file.append(texts.join(''), false);
    this.#dirty = true;
    for (const [at, line] of lines.entries()) {
      if (placed[at] === true) this.#index.push({ number: line.number, offset });
      offset += Buffer.byteLength(texts[at] ?? '');
    }
  }

  /** At most `max` lines after `number`. */
  async after(number: number, max: number): Promise<LogLine[]> {
    const lines: LogLine[] = [];
    if (max <= 0 || number >= this.total) return lines;
    const start = this.#index.findLast((entry) => entry.number <= number + 1) ?? this.#index[0];
    await this.#file.scan(start?.offset ?? 0, (text) => {
      const line = parse(text);
      if (line !== undefined && line.number > number) lines.push(plainLine(line));
      return lines.length < max;
    });
    return lines;
  }

  async sync(): Promise<void> {
    if (!this.#dirty) return;
    this.#dirty = false;
    await this.#file.sync();
  }

  async close(): Promise<void> {
    await this.sync();
    await this.#file.close();
  }

  get #file(): Journal {
    if (this.#journal === undefined) throw storageError(new Error('not open'), this.path);
    return this.#journal;
  }

  #note(line: KeptLine, offset: number): void {
    if (this.#count(line)) this.#index.push({ number: line.number, offset });
  }

  /** Counts a line in. True if its place is to be remembered. */
  #count(line: KeptLine): boolean {
    this.total = line.number;
    if (line.boot > this.boot) {
      this.boot = line.boot;
      this.#seen.clear();
    }
    if (line.seq !== undefined && line.boot === this.boot) {
      const seen = this.#seen.get(line.source) ?? new SeenNumbers();
      this.#seen.set(line.source, seen);
      seen.add(line.seq);
    }
    this.#written += 1;
    return this.#written % INDEX_EVERY === 1;
  }
}

/** Our own file: a line with these fields is what was written. */
function parse(text: string): KeptLine | undefined {
  try {
    const line = JSON.parse(text) as Partial<KeptLine> | null;
    const isLine = Number.isSafeInteger(line?.number) && typeof line?.text === 'string';
    return isLine ? (line as KeptLine) : undefined;
  } catch {
    return undefined;
  }
}
