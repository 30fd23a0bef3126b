import * as Flags from '@oclif/core/flags';
import {
  CliError,
  LabCommand,
  ResourceTable,
  documentText,
  errorReport,
  exitCodeOf,
  formatOf,
  isData,
  jsonFlag,
  outputFlag,
  resourceName,
  usageError,
} from '@lab/cli-kit';
import type { PrintedKind } from '@lab/domain';
import type { LabClient, ListQuery, OutputFormat, Selection, Terminal } from '@lab/cli-kit';

const filter = (description: string, helpValue: string) =>
  Flags.string({ description, helpValue, helpGroup: 'FILTER' });
const FILTERS = ['role', 'status', 'cloud', 'environment'] as const;

export default class GetCommand extends LabCommand {
  static override summary = 'Show resources, a line each or as data';
  static override description = `TYPE is a resource type in singular, plural or short form: servers, server, srv, bastions …
A server is found by name, ID or MAC address.`;
  static override usage = ['get TYPE [NAME…]', 'get TYPE1,TYPE2', 'get TYPE/NAME [TYPE/NAME…]'];
  static override examples = [
    '<%= config.bin %> get servers',
    '<%= config.bin %> get servers --status discovered -o wide',
    '<%= config.bin %> get server node1 -o yaml',
    '<%= config.bin %> get servers -o name | xargs -n1 labctl describe',
  ];
  static override strict = false;
  static override flags = {
    output: outputFlag,
    json: jsonFlag,
    'no-headers': Flags.boolean({ description: 'no line of headings' }),
    role: filter('only servers with this role', 'ROLE'),
    status: filter('only servers in this phase', 'PHASE'),
    cloud: filter('only servers of this cloud', 'NAME'),
    environment: filter('only servers of this environment', 'NAME'),
  };

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(GetCommand);
    const format = formatOf(flags);
    const query = Object.fromEntries(FILTERS.map((name) => [name, flags[name]]));
    const filtered = FILTERS.filter((name) => flags[name] !== undefined);
    const terminal = this.terminal(flags);
    const lab = this.lab(flags);
    const selections = await this.selections(argv.map(String), 'get', () => lab);
    if (filtered.length > 0 && selections.some((selection) => selection.refs.length > 0)) {
      throw usageError(
        `--${filtered.join(', --')} and a name do not go together`,
        'Give either a name or filters.',
      );
    }

    const show = new Show((await lab).client, terminal, format, !flags['no-headers'], query);
    await (isData(format) ? show.document(selections) : show.lines(selections));
    process.exitCode = show.exitCode;
  }
}

/** Fetches the selections and prints them. What can't be found is told on stderr, and the rest is printed. */
class Show {
  readonly #client: LabClient;
  readonly #terminal: Terminal;
  readonly #format: OutputFormat;
  readonly #headings: boolean;
  readonly #query: ListQuery;
  exitCode = 0;

  constructor(
    client: LabClient,
    terminal: Terminal,
    format: OutputFormat,
    headings: boolean,
    query: ListQuery,
  ) {
    this.#client = client;
    this.#terminal = terminal;
    this.#format = format;
    this.#headings = headings;
    this.#query = query;
  }

  /** One resource as it is, several as a List. */
  async document(selections: readonly Selection[]): Promise<void> {
    const format = this.#format === 'yaml' ? 'yaml' : 'json';
    const items: unknown[] = [];
    for (const selection of selections) for await (const page of this.#pages(selection)) items.push(...page);
    const single = selections.length === 1 && selections[0]?.refs.length === 1;
    if (single && items.length === 0) return;
    const list = { apiVersion: 'lab/v1', kind: 'List', metadata: { continue: null }, items };
    this.#terminal.out(documentText(single ? items[0] : list, format));
  }

  async lines(selections: readonly Selection[]): Promise<void> {
    let printed = 0;
    for (const selection of selections)
      printed += await this.#kindLines(selection, selections.length > 1, printed > 0);
    if (printed > 0 || this.exitCode !== 0) return;
    const names = selections.map((selection) => selection.kind.plural).join(' and ');
    const filtered = Object.values(this.#query).some((value) => value !== undefined);
    this.#terminal.note(filtered ? `No ${names} match.\n` : `No ${names} found.\n`);
  }

  async #kindLines(selection: Selection, qualified: boolean, gap: boolean): Promise<number> {
    const table = new ResourceTable(selection.kind, {
      wide: this.#format === 'wide',
      headings: this.#headings,
      qualified,
    });
    let count = 0;
    for await (const page of this.#pages(selection)) {
      if (page.length === 0) continue;
      const lines =
        this.#format === 'name'
          ? page.map((resource) => resourceName(resource, selection.kind.singular))
          : table.lines(page, Date.now());
      const blank = gap && count === 0 && this.#format !== 'name' ? '\n' : '';
      this.#terminal.out(`${blank}${lines.join('\n')}\n`);
      count += page.length;
    }
    return count;
  }

  async *#pages({ kind, refs }: Selection): AsyncGenerator<readonly unknown[]> {
    if (refs.length === 0) yield* this.#client.pages(kind.plural, this.#query);
    else yield await this.#named(kind, refs);
  }

  async #named(kind: PrintedKind, refs: readonly string[]): Promise<unknown[]> {
    const resources: unknown[] = [];
    for (const ref of refs) {
      try {
        resources.push(await this.#client.resource(kind, ref));
      } catch (error) {
        // labd away or a session that is over would fail every name: that is told once.
        if (refs.length === 1 || error instanceof CliError) throw error;
        this.#terminal.note(errorReport(error));
        this.exitCode = Math.max(this.exitCode, exitCodeOf(error));
      }
    }
    return resources;
  }
}
