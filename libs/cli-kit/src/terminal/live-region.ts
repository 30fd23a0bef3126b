import type { Terminal } from './terminal.js';

const UP_AND_CLEAR = (lines: number): string => (lines > 0 ? `\u001b[${lines}A` : '') + '\r\u001b[0J';

/** Lines at the bottom of the terminal that are drawn over again. */
export class LiveRegion {
  readonly #terminal: Terminal;
  #drawn = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Shows these lines in place of those before. They must not be wider than the terminal. */
  draw(lines: readonly string[]): void {
    const fitting = lines.slice(-Math.max(1, this.#terminal.rows() - 1));
    this.#terminal.note(UP_AND_CLEAR(this.#drawn) + fitting.map((line) => `${line}\n`).join(''));
    this.#drawn = fitting.length;
  }

  /** Leaves what is shown where it is. */
  leave(): void {
    this.#drawn = 0;
  }
}
