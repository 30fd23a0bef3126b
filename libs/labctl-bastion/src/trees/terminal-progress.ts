import { bytesText, oneLine, type Terminal } from '@lab/cli-kit';
import type { Progress } from '@lab/install-trees';

/** A terminal is redrawn so often at most; a log gets a line so often. */
const REDRAW_MS = 100;
const LINE_MS = 10_000;
const BAR = 24;

/** Progress on stderr: one line that is drawn over again on a terminal, elsewhere a line for each part and now and then one between. */
export class TerminalProgress implements Progress {
  #what = '';
  #files = 0;
  #allFiles = 0;
  #bytes = 0;
  #allBytes = 0;
  #shownAt = 0;
  #open = false;

  constructor(
    private readonly terminal: Terminal,
    private readonly now: () => number,
  ) {}

  begin(what: string): void {
    this.end();
    this.#what = what;
    this.#files = this.#allFiles = this.#bytes = this.#allBytes = 0;
    this.#shownAt = this.now();
    if (!this.terminal.live) this.terminal.note(`${oneLine(what)}\n`);
    else this.#draw();
  }

  expect(files: number, bytes: number): void {
    this.#allFiles += files;
    this.#allBytes += bytes;
  }

  came(bytes: number): void {
    this.#bytes += bytes;
    this.#show();
  }

  done(): void {
    this.#files += 1;
    this.#show();
  }

  /** Leaves the last line as it is. */
  end(): void {
    if (!this.#open) return;
    this.#draw();
    this.terminal.note('\n');
    this.#open = false;
  }

  #show(): void {
    const now = this.now();
    if (now - this.#shownAt < (this.terminal.live ? REDRAW_MS : LINE_MS)) return;
    this.#shownAt = now;
    if (this.terminal.live) this.#draw();
    else this.terminal.note(`${this.#line()}\n`);
  }

  #draw(): void {
    const line = `${this.#bar()}${this.#line()}`.slice(0, Math.max(1, this.terminal.columns() - 1));
    this.terminal.note(`\r\u001b[2K${line}`);
    this.#open = true;
  }

  #line(): string {
    const bytes =
      this.#allBytes > 0
        ? `${bytesText(this.#bytes)} of ${bytesText(this.#allBytes)}`
        : bytesText(this.#bytes);
    const files = this.#allFiles > 1 ? `, ${this.#files} of ${this.#allFiles} files` : '';
    return `${oneLine(this.#what)}: ${bytes}${files}`;
  }

  #bar(): string {
    if (this.#allBytes === 0) return '';
    const full = Math.round(BAR * Math.min(1, this.#bytes / this.#allBytes));
    return `[${'#'.repeat(full)}${'-'.repeat(BAR - full)}] `;
  }
}
