import type { PrintedKind } from '@lab/domain';
import { cellText } from './cells.js';
import { oneLine } from './neutralise.js';
import { resourceName } from './document.js';
import { Table } from './table.js';

export interface ResourceTableOptions {
  wide: boolean;
  headings: boolean;
  /** Write `server/node1` in the first column: several kinds are printed. */
  qualified: boolean;
}

/** Prints resources of one kind by the columns of the catalog, page by page. */
export class ResourceTable {
  readonly #kind: PrintedKind;
  readonly #columns: PrintedKind['columns'];
  readonly #qualified: boolean;
  readonly #table: Table;

  constructor(kind: PrintedKind, options: ResourceTableOptions) {
    this.#kind = kind;
    this.#columns = kind.columns.filter((column) => options.wide || column.wide !== true);
    this.#qualified = options.qualified;
    this.#table = new Table(
      this.#columns.map((column) => oneLine(column.heading)),
      { headings: options.headings },
    );
  }

  /** The lines of these resources; `now` in milliseconds, for ages. */
  lines(resources: readonly unknown[], now: number): string[] {
    return this.#table.lines(
      resources.map((resource) =>
        this.#columns.map((column, index) =>
          index === 0 && this.#qualified
            ? resourceName(resource, this.#kind.singular)
            : cellText(resource, column.path, now),
        ),
      ),
    );
  }
}
