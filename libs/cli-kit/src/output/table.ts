const MOST_COLUMNS = 80;
const WIDE_GAP = 3;
const NARROW_GAP = 2;

/**
 * A table as kubectl prints it: aligned columns, no lines, no trailing blanks. Rows may come in pages; a page's columns are
 * never narrower than those of the pages before it.
 */
export class Table {
  readonly #headings: readonly string[];
  #widths: number[];
  #gap: number | undefined;
  #headingsPending: boolean;

  constructor(headings: readonly string[], options: { headings: boolean } = { headings: true }) {
    this.#headings = headings;
    this.#headingsPending = options.headings;
    this.#widths = headings.map((heading) => (options.headings ? heading.length : 0));
  }

  /** The lines of these rows, with the headings above the first. */
  lines(rows: readonly (readonly string[])[]): string[] {
    this.#widths = this.#widths.map((width, column) =>
      rows.reduce((widest, row) => Math.max(widest, (row[column] ?? '').length), width),
    );
    // kubectl's gap of three, or of two where three would not fit a terminal of 80 columns.
    this.#gap ??= this.#total(WIDE_GAP) > MOST_COLUMNS ? NARROW_GAP : WIDE_GAP;
    const gap = ' '.repeat(this.#gap);
    const line = (cells: readonly string[]): string =>
      this.#widths
        .map((width, column) => (cells[column] ?? '').padEnd(width))
        .join(gap)
        .trimEnd();
    const lines = rows.map(line);
    if (!this.#headingsPending) return lines;
    this.#headingsPending = false;
    return [line(this.#headings), ...lines];
  }

  #total(gap: number): number {
    return this.#widths.reduce((sum, width) => sum + width, 0) + gap * (this.#widths.length - 1);
  }
}
