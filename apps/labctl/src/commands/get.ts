import * as Flags from '@oclif/core/flags';
import { GET_FORMATS, LabCommand, getFormat, jsonFlag, usageError } from '@lab/cli-kit';
import { FIELDS, fieldSelector } from '../get/field-selector.js';
import { ListOutput } from '../get/list-output.js';
import { ResourcePages } from '../get/resource-pages.js';
import { watchSelections } from '../get/watch-selections.js';

const filter = (description: string, helpValue: string) =>
  Flags.string({ description, helpValue, helpGroup: 'FILTER' });
const FILTERS = ['role', 'status', 'condition', 'cloud', 'environment'] as const;

export default class GetCommand extends LabCommand {
  static override summary = 'Show resources, a line each or as data';
  static override description = `TYPE is a resource type in singular, plural or short form: servers, server, srv, bastions … (see api-resources).
A server is found by name, ID or MAC address.`;
  static override usage = ['get TYPE [NAME…]', 'get TYPE1,TYPE2', 'get TYPE/NAME [TYPE/NAME…]'];
  static override examples = [
    '<%= config.bin %> get servers',
    '<%= config.bin %> get servers --status discovered -o wide',
    '<%= config.bin %> get servers --condition Stuck',
    '<%= config.bin %> get servers -l rack=a1 --sort-by=-lastSeenAt',
    '<%= config.bin %> get server node1 -o yaml',
    '<%= config.bin %> get servers -w',
    `<%= config.bin %> get servers -o jsonpath='{range .items[*]}{.metadata.name} {.status.address}{"\\n"}{end}'`,
    '<%= config.bin %> get networks -o custom-columns=NAME:.metadata.name,NET:.spec.cidr',
  ];
  static override strict = false;
  static override flags = {
    output: Flags.string({
      char: 'o',
      description: 'format of the output',
      helpValue: GET_FORMATS,
      exclusive: ['json'],
    }),
    json: jsonFlag,
    'no-headers': Flags.boolean({ description: 'no line of headings' }),
    'label-columns': Flags.string({
      char: 'L',
      description: 'labels that get a column of their own',
      helpValue: 'KEY,…',
    }),
    'show-labels': Flags.boolean({ description: 'a column with all labels' }),
    'sort-by': Flags.string({
      description:
        'key of labd (name, createdAt …; - before it turns it round), or a path such as .status.address',
      helpValue: 'KEY|PATH',
    }),
    limit: Flags.integer({ description: 'at most so many', helpValue: 'N', min: 1 }),
    watch: Flags.boolean({ char: 'w', description: 'go on with what changes, until Ctrl-C' }),
    'watch-only': Flags.boolean({ description: 'only what changes from now on', exclusive: ['watch'] }),
    'output-watch-events': Flags.boolean({
      description: 'with -o json or yaml: each change with its type',
    }),
    selector: Flags.string({
      char: 'l',
      description: 'only what these labels select: rack=a1,tier!=test,zone in (a,b),gpu,!old',
      helpValue: 'SELECTOR',
      helpGroup: 'FILTER',
    }),
    'field-selector': filter(`only what has these values: ${Object.keys(FIELDS).join(', ')}`, 'PATH=VALUE,…'),
    role: filter('only servers with this role', 'ROLE'),
    status: filter('only servers in this phase', 'PHASE'),
    condition: Flags.string({
      description:
        'only servers or installs with this condition, such as Stuck; of several, with any of them',
      helpValue: 'TYPE,…',
      helpGroup: 'FILTER',
      multiple: true,
      multipleNonGreedy: true,
    }),
    cloud: filter('only what is in this cloud', 'NAME'),
    environment: filter('only what is in this environment', 'NAME'),
  };

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(GetCommand);
    const format = flags.json ? ({ type: 'json' } as const) : getFormat(flags.output);
    const filters = {
      ...filtersOf(flags),
      ...fieldSelector(
        flags['field-selector'],
        FILTERS.filter((name) => flags[name] !== undefined),
      ),
      labelSelector: flags.selector,
    };
    const isWatch = flags.watch || flags['watch-only'];
    if (isWatch && flags['sort-by'] !== undefined)
      throw usageError('--sort-by and --watch do not go together', 'What changes comes in its own order.');
    const lab = this.lab(flags);
    const selections = await this.selections(argv.map(String), isWatch ? 'watch' : 'get', () => lab);
    const given = [...FILTERS, 'field-selector' as const, 'selector' as const].filter(
      (name) => flags[name] !== undefined,
    );
    if (given.length > 0 && selections.some(({ refs }) => refs.length > 0)) {
      throw usageError(
        `--${given.join(', --')} and a name do not go together`,
        'Give either a name or filters.',
      );
    }

    const { client } = await lab;
    const terminal = this.terminal(flags);
    const output = new ListOutput(terminal, format, {
      headings: !flags['no-headers'],
      qualified: selections.length > 1,
      labels: flags['label-columns']?.split(',') ?? [],
      showLabels: flags['show-labels'],
    });
    const pages = new ResourcePages(client, terminal, {
      filters,
      sort: flags['sort-by'],
      limit: flags.limit,
      fields: (kind) => output.fieldsOf(kind),
    });
    if (!isWatch) {
      await output.list(selections, pages);
      if (output.count === 0 && pages.exitCode === 0 && output.isForPeople) {
        const names = selections.map(({ kind }) => kind.plural).join(' and ');
        terminal.note(given.length > 0 ? `No ${names} match.\n` : `No ${names} found.\n`);
      }
      process.exitCode = pages.exitCode;
      return;
    }
    await watchSelections(client, output, pages, {
      selections,
      filters,
      onlyChanges: flags['watch-only'],
      events: flags['output-watch-events'],
    });
  }
}

type Filters = { [name in (typeof FILTERS)[number]]?: string | string[] | undefined };

/** What was said of several conditions is said in one parameter. */
const filtersOf = (flags: Filters): Record<string, string | undefined> =>
  Object.fromEntries(
    FILTERS.map((name) => {
      const value = flags[name];
      return [name, Array.isArray(value) ? value.join(',') : value];
    }),
  );
