import { ResourceTable, Table, documentText, oneLine, resourceName, safeJson } from '@lab/cli-kit';
import type { GetFormat, Selection, Terminal } from '@lab/cli-kit';
import type { ResourcePages } from './resource-pages.js';

export interface ListOptions {
  headings: boolean;
  /** Several kinds are printed: their names come with the type. */
  qualified: boolean;
  labels: readonly string[];
  showLabels: boolean;
}

type Kind = Selection['kind'];

/** A watch tells by them what it has shown. */
const IDENTITY = ['metadata.name', 'metadata.id', 'metadata.version'];

/** Prints resources in the format that was asked for. */
export class ListOutput {
  /** Resources printed so far. */
  count = 0;
  readonly #tables = new Map<string, (resources: readonly unknown[]) => string[]>();

  constructor(
    private readonly terminal: Terminal,
    private readonly format: GetFormat,
    private readonly options: ListOptions,
  ) {}

  /** A table, where a note says more than no output at all. */
  get isForPeople(): boolean {
    return ['table', 'wide', 'name', 'columns'].includes(this.format.type);
  }

  /** What a table or a list of names shows of a kind; undefined: everything may be. */
  fieldsOf({ columns }: Kind): readonly string[] | undefined {
    const { type } = this.format;
    if (type === 'name') return IDENTITY;
    if (type !== 'table' && type !== 'wide') return undefined;
    const shown = columns
      .filter(({ wide }) => type === 'wide' || wide !== true)
      .flatMap(({ path, conditions }) => (conditions === undefined ? [path] : [path, conditions]));
    return [...new Set([...IDENTITY, 'metadata.labels', ...shown])];
  }

  async list(selections: readonly Selection[], pages: Pick<ResourcePages, 'of'>): Promise<void> {
    const { format } = this;
    if (format.type === 'json' || format.type === 'yaml' || format.type === 'jsonpath') {
      const value = await this.#document(selections, pages);
      if (value === undefined) return;
      this.terminal.out(
        format.type === 'jsonpath' ? format.template.text(value) : documentText(value, format.type),
      );
      return;
    }
    for (const selection of selections) {
      const before = this.count;
      for await (const page of pages.of(selection)) {
        if (page.length === 0) continue;
        const lines = this.lines(selection.kind, page);
        const gap = before > 0 && this.count === before && format.type !== 'name' ? '\n' : '';
        this.terminal.out(`${gap}${lines.join('\n')}\n`);
        this.count += page.length;
      }
    }
  }

  /** One change of a watch. Deletions of which only a table can't tell are said on stderr. */
  change(kind: Kind, change: { type: string; object: unknown }, events: boolean): void {
    const { format } = this;
    const value = events ? { type: change.type.toUpperCase(), object: change.object } : change.object;
    if (format.type === 'json') this.terminal.out(`${safeJson(JSON.stringify(value))}\n`);
    else if (format.type === 'yaml') this.terminal.out(`---\n${documentText(value, 'yaml')}`);
    else if (format.type === 'jsonpath') this.terminal.out(format.template.text(value));
    else if (change.type === 'deleted')
      this.terminal.note(`${resourceName(change.object, kind.singular)} deleted\n`);
    else this.terminal.out(`${this.lines(kind, [change.object]).join('\n')}\n`);
  }

  /** The lines of a page; headings come with the first of its kind. */
  lines(kind: Kind, resources: readonly unknown[]): string[] {
    const { format } = this;
    if (format.type === 'name') return resources.map((resource) => resourceName(resource, kind.singular));
    let table = this.#tables.get(kind.kind);
    if (table === undefined) {
      table = this.#table(kind);
      this.#tables.set(kind.kind, table);
    }
    return table(resources);
  }

  #table(kind: Kind): (resources: readonly unknown[]) => string[] {
    const { format } = this;
    if (format.type === 'columns') {
      const { columns } = format;
      const table = new Table(
        columns.map(({ heading }) => oneLine(heading)),
        { headings: this.options.headings },
      );
      return (resources) =>
        table.lines(resources.map((resource) => columns.map(({ text }) => oneLine(text(resource)))));
    }
    const table = new ResourceTable(kind, { ...this.options, wide: format.type === 'wide' });
    return (resources) => table.lines(resources, Date.now());
  }

  /** One resource as it is, several as a List; undefined if the one was not found. */
  async #document(selections: readonly Selection[], pages: Pick<ResourcePages, 'of'>): Promise<unknown> {
    const items: unknown[] = [];
    for (const selection of selections) for await (const page of pages.of(selection)) items.push(...page);
    this.count = items.length;
    if (selections.length === 1 && selections[0]?.refs.length === 1) return items[0];
    return { apiVersion: 'lab/v1', kind: 'List', metadata: { continue: null }, items };
  }
}
