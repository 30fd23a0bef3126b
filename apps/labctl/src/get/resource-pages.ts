import { CliError, errorReport, exitCodeOf, order, parsePath } from '@lab/cli-kit';
import type { LabClient, ListQuery, Selection, Terminal } from '@lab/cli-kit';

export interface PageOptions {
  filters: ListQuery;
  /** A key of labd's, or a path that is sorted by here. */
  sort: string | undefined;
  /** Of each kind. */
  limit: number | undefined;
  /** The fields of a kind that are shown, as far as that is known: what isn't asked for, labd need not read. */
  fields: (kind: Selection['kind']) => readonly string[] | undefined;
}

/** labd gives so many at once. */
const MOST_PER_PAGE = 1_000;

/** Fetches what was selected, page by page. What can't be found is told on stderr, and the rest goes on. */
export class ResourcePages {
  exitCode = 0;

  constructor(
    private readonly client: LabClient,
    private readonly terminal: Terminal,
    private readonly options: PageOptions,
  ) {}

  async *of({ kind, refs }: Selection): AsyncGenerator<readonly unknown[]> {
    const { sort } = this.options;
    const path = sort !== undefined && /^[.{]/.test(sort) ? sort : undefined;
    const pages =
      refs.length === 0
        ? this.#listed(kind, path === undefined ? sort : undefined)
        : this.#named({ kind, refs });
    if (path === undefined) {
      yield* pages;
      return;
    }
    const all: unknown[] = [];
    for await (const page of pages) all.push(...page);
    yield sorted(all, path).slice(0, this.options.limit);
  }

  async *#listed(kind: Selection['kind'], sort: string | undefined): AsyncGenerator<readonly unknown[]> {
    const { filters, limit } = this.options;
    const isSortedHere = this.options.sort !== undefined && sort === undefined;
    let left = isSortedHere || limit === undefined ? Infinity : limit;
    const size = Math.min(left, MOST_PER_PAGE);
    const fields = isSortedHere ? undefined : this.options.fields(kind)?.join(',');
    for await (const page of this.client.pages(kind.plural, { ...filters, sort, limit: size, fields })) {
      yield page.slice(0, left);
      left -= page.length;
      if (left <= 0) return;
    }
  }

  async *#named({ kind, refs }: Selection): AsyncGenerator<readonly unknown[]> {
    const found: unknown[] = [];
    for (const ref of refs) {
      try {
        found.push(await this.client.resource(kind, ref));
      } catch (error) {
        // labd away or a session that is over would fail every name: that is told once.
        if (refs.length === 1 || error instanceof CliError) throw error;
        this.terminal.note(errorReport(error, this.terminal));
        this.exitCode = Math.max(this.exitCode, exitCodeOf(error));
      }
    }
    yield found;
  }
}

/** By the first value at the path; what has none comes last. */
function sorted(resources: readonly unknown[], path: string): unknown[] {
  const values = parsePath(path);
  return resources
    .map((resource) => ({ resource, value: values(resource)[0] ?? undefined }))
    .toSorted((a, b) => {
      if (a.value === undefined || b.value === undefined)
        return Number(a.value === undefined) - Number(b.value === undefined);
      return order(a.value, b.value) || 0;
    })
    .map(({ resource }) => resource);
}
