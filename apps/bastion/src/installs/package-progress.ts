import type { ReportedLine } from './report-body.js';

/** A machine is asked for much; a person needs no more than this, in ms. */
const EVERY_MS = 3_000;
const MOST_NAMES = 20_000;

/** `Installing kernel.x86_64 (312/702)`: Anaconda with dnf 4 (EL 9), and what it shows as its progress. */
const COUNTED = /\bInstalling (\S{1,256}) \((\d{1,6})\/(\d{1,6})\)/;
/** `Installing - bash-0:5.3-2.fc43.x86_64`: Anaconda 43 with dnf 5; `Installed: bash-5.1.8-9.el9.x86_64 1718… 77c0…`: dnf 4. */
const NAMED = /\b(?:Installing - |Installed: )([A-Za-z0-9][\w.+~^:-]{1,255})(?: |$)/;
const TOTAL = /\b(?:Downloading (\d{1,6}) RPMs|Total packages: (\d{1,6}))\b/;

/** How far the installer is with its packages, out of its own log. */
export class PackageProgress {
  readonly #names = new Set<string>();
  /** Counted before this bastion was started again. */
  readonly #before: number;
  #done = 0;
  #total: number | undefined;
  #current = '';
  #told: string | undefined;
  #toldAt = Number.NEGATIVE_INFINITY;

  /** `message`: what was said of it last, by the bastion that ran before. */
  constructor(message: string | null) {
    this.#before = Number(/^(\d{1,6})\b/.exec(message ?? '')?.[1] ?? 0);
    const total = /^\d+ of (\d{1,6})\b/.exec(message ?? '')?.[1];
    this.#total = total === undefined ? undefined : Number(total);
  }

  /** `312 of 702: kernel-core-6.17.1-300.fc43.x86_64`; undefined if there is nothing new to say, or it is too early. */
  take(lines: readonly Pick<ReportedLine, 'text'>[], now: number): string | undefined {
    for (const { text } of lines) this.#read(text.slice(0, 1024));
    if (this.#current === '' || now - this.#toldAt < EVERY_MS) return undefined;
    const of = this.#total === undefined || this.#total < this.#done ? '' : ` of ${this.#total}`;
    const message = `${this.#done}${of}: ${this.#current}`;
    if (message === this.#told) return undefined;
    this.#told = message;
    this.#toldAt = now;
    return message;
  }

  #read(text: string): void {
    const counted = COUNTED.exec(text);
    const named = NAMED.exec(text);
    const total = TOTAL.exec(text);
    if (counted !== null) {
      this.#current = counted[1] ?? '';
      this.#done = Number(counted[2]);
      this.#total = Number(counted[3]);
    } else if (named?.[1] !== undefined && !this.#names.has(named[1]) && this.#names.size < MOST_NAMES) {
      this.#names.add(named[1]);
      this.#current = named[1];
      this.#done = Math.max(this.#done, this.#before + this.#names.size);
    } else if (total !== null) {
      this.#total = Number(total[1] ?? total[2]);
    }
  }
}
