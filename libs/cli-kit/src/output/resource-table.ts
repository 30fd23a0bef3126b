import type { PrintedKind } from '@lab/domain';
import { NONE, cellText, textAt, valueAt } from './cells.js';
import { oneLine } from './neutralise.js';
import { resourceName } from './document.js';
import { Table } from './table.js';

export interface ResourceTableOptions {
  wide: boolean;
  headings: boolean;
  /** Write `server/node1` in the first column: several kinds are printed. */
  qualified: boolean;
  /** Labels that get a column of their own, after the others. */
  labels?: readonly string[];
  /** All labels in a last column. */
  showLabels?: boolean;
}

/** A column of the table: its heading, and its text for a resource. */
interface Column {
  heading: string;
  text: (resource: unknown, now: number) => string;
}

/** Prints resources of one kind by the columns of the catalog, page by page. */
export class ResourceTable {
  readonly #columns: readonly Column[];
  readonly #table: Table;

  constructor(
    kind: PrintedKind,
    { wide, headings, qualified, labels = [], showLabels = false }: ResourceTableOptions,
  ) {
    const own = kind.columns
      .filter((column) => wide || column.wide !== true)
      .map(({ heading, path, conditions }, index): Column => ({
        heading: oneLine(heading),
        text: (resource, now) =>
          index === 0 && qualified
            ? resourceName(resource, kind.singular)
            : withConditions(cellText(resource, path, now), resource, conditions),
      }));
    this.#columns = [
      ...own,
      ...labels.map((key): Column => ({
        heading: oneLine(key.slice(key.lastIndexOf('/') + 1).toUpperCase()),
        text: (resource) => oneLine(labelsOf(resource)[key] ?? NONE),
      })),
      ...(showLabels ? [{ heading: 'LABELS', text: labelText }] : []),
    ];
    this.#table = new Table(
      this.#columns.map(({ heading }) => heading),
      { headings },
    );
  }

  /** The lines of these resources; `now` in milliseconds, for ages. */
  lines(resources: readonly unknown[], now: number): string[] {
    return this.#table.lines(
      resources.map((resource) => this.#columns.map(({ text }) => text(resource, now))),
    );
  }
}

/** `provisioning (Stuck)`: what is stated of it as true. */
function withConditions(text: string, resource: unknown, path: string | undefined): string {
  const stated = path === undefined ? undefined : valueAt(resource, path);
  if (!Array.isArray(stated)) return text;
  const types = (stated as unknown[])
    .filter((condition) => textAt(condition, 'status') === 'True')
    .flatMap((condition) => textAt(condition, 'type') ?? []);
  return types.length === 0 ? text : `${text} (${oneLine(types.join(','))})`;
}

const labelsOf = (resource: unknown): Readonly<Record<string, string>> =>
  (valueAt(resource, 'metadata.labels') ?? {}) as Record<string, string>;

function labelText(resource: unknown): string {
  const pairs = Object.entries(labelsOf(resource)).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? NONE : oneLine(pairs.join(','));
}
