import { documentText } from './document.js';
import { oneLine } from './neutralise.js';
import type { OutputFormat } from './output-format.js';
import { Table } from './table.js';

/** How a list of a command's own, not of resources, is printed. */
export interface PlainListOptions<Item> {
  format: OutputFormat;
  /** For `-o name`: `app/k3s`. */
  name: (item: Item) => string;
  columns: readonly (readonly [heading: string, cell: (item: Item) => string | number])[];
}

/** A list in the format that `-o` names; as JSON and YAML all of each item, under `items`. */
export function plainList<Item extends object>(
  items: readonly Item[],
  { format, name, columns }: PlainListOptions<Item>,
): string {
  if (format === 'json' || format === 'yaml') return documentText({ items }, format);
  if (format === 'name') return items.map((item) => `${oneLine(name(item))}\n`).join('');
  const rows = items.map((item) => columns.map(([, cell]) => oneLine(String(cell(item)))));
  return `${new Table(columns.map(([heading]) => heading)).lines(rows).join('\n')}\n`;
}
