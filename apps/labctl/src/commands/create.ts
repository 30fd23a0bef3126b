import * as Flags from '@oclif/core/flags';
import { LabError, kindNamed } from '@lab/domain';
import type { PrintedKind } from '@lab/domain';
import {
  BUNDLED_KINDS,
  LabCommand,
  ResourceClient,
  changeText,
  errorReport,
  exitCodeOf,
  formatOf,
  isData,
  jsonFlag,
  oneLine,
  outputFlag,
  readDocuments,
  resourceName,
  saidOf,
  textAt,
  usageError,
} from '@lab/cli-kit';
import type { OutputFormat, Terminal } from '@lab/cli-kit';
import { createFlags, specOf } from '../create-flags.js';
import { dryRunFlag, fileFlags, isDryRun, tried } from '../file-flags.js';
import { readSecret } from '../read-secret.js';

export default class CreateCommand extends LabCommand {
  static override summary = 'Create a resource';
  static override description = `From flags, or from documents with -f. What exists already is an error (exit code 1); see apply.
The secret of a token goes to stdout, and is shown only this once.`;
  static override usage = ['create TYPE [NAME] [--FLAG VALUE…]', 'create -f FILE|DIR|-'];
  static override examples = [
    '<%= config.bin %> create network lab --cidr 192.168.77.0/24 --gateway 192.168.77.1',
    '<%= config.bin %> create cluster prod --control-plane node1 --worker node2',
    '<%= config.bin %> create user mara --role viewer --password-file mara.txt',
    '<%= config.bin %> create token --expires 1h > join-token',
    '<%= config.bin %> create -f lab.yaml',
  ];
  static override strict = false;
  static override flags = {
    ...fileFlags,
    ...createFlags,
    'password-file': Flags.string({
      description: 'user: file whose first line is the password, - for standard input',
      helpValue: 'FILE',
      helpGroup: 'SPEC',
    }),
    'dry-run': dryRunFlag,
    output: outputFlag,
    json: jsonFlag,
  };

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(CreateCommand);
    const format = formatOf(flags);
    const dryRun = isDryRun(flags['dry-run']);
    const terminal = this.terminal(flags);
    const args = argv.map(String);
    const wanted =
      flags.filename === undefined
        ? [this.#fromFlags(args, flags)]
        : (await readDocuments(flags.filename, { recursive: flags.recursive })).map(({ where, value }) => ({
            where,
            document: value,
            kind: undefined,
          }));
    if (flags.filename !== undefined && args.length > 0)
      throw usageError('-f and a type do not go together', 'Give either.');
    const password = flags['password-file'];
    const secret = password === undefined ? undefined : await readSecret(password, '--password-file');
    const { client, catalog } = await this.lab(flags);
    const kinds = await catalog.kinds();
    const resources = new ResourceClient(client);
    for (const { where, document, kind: known } of wanted) {
      try {
        const kind = known ?? kindOf(document, where, kinds);
        const created = await resources.create(kind.plural, document, { dryRun });
        if (secret !== undefined && !dryRun)
          await client.setPassword(textAt(created, 'metadata.id') ?? '', secret);
        show(terminal, created, kind, tried('created', dryRun), format);
      } catch (error) {
        if (wanted.length === 1 || !(error instanceof LabError)) throw error;
        terminal.note(
          errorReport(
            new LabError(error.code, `${where}: ${error.message}`, {
              errors: error.errors,
              ...(error.hint !== undefined && { hint: error.hint }),
            }),
            terminal,
          ),
        );
        process.exitCode = Math.max(Number(process.exitCode ?? 0), exitCodeOf(error));
      }
    }
  }

  #fromFlags(args: readonly string[], flags: Readonly<Record<string, unknown>>) {
    const [type, name, ...more] = args;
    const creatable = BUNDLED_KINDS.filter(({ verbs }) => verbs.includes('create'));
    const types = `Types: ${creatable.map(({ singular }) => singular).join(', ')}.`;
    if (type === undefined) throw usageError('create what?', `${types} Or write labctl create -f FILE.`);
    const kind = kindNamed(type, creatable);
    if (kind === undefined) throw usageError(`a "${oneLine(type)}" can't be created`, types);
    if (more.length > 0) throw usageError(`create takes one name, not ${more.length + 1}`);
    if (flags['password-file'] !== undefined && kind.kind !== 'User')
      throw usageError(`--password-file is not for ${kind.plural}`);
    const metadata = name === undefined ? {} : { name };
    return {
      where: '',
      kind,
      document: { apiVersion: 'lab/v1', kind: kind.kind, metadata, spec: specOf(kind, flags) },
    };
  }
}

function kindOf(
  document: Readonly<Record<string, unknown>>,
  where: string,
  kinds: readonly PrintedKind[],
): PrintedKind {
  const { kind } = saidOf(document);
  const found = kindNamed(kind, kinds);
  if (found !== undefined) return found;
  throw new LabError(
    'invalid',
    kind === '' ? `${where}: kind is missing` : `${where}: there is no kind "${oneLine(kind)}"`,
    {
      hint: `Kinds: ${kinds.map((known) => known.kind).join(', ')}.`,
    },
  );
}

/** A token's secret is for a pipe; that it was made is said beside it. */
function show(
  terminal: Terminal,
  created: unknown,
  kind: PrintedKind,
  change: string,
  format: OutputFormat,
): void {
  const secret = textAt(created, 'status.token');
  if (secret === undefined || isData(format) || format === 'name') {
    terminal.out(changeText(created, kind.singular, change, format));
    return;
  }
  terminal.note(`${resourceName(created, kind.singular)} ${change}. This is shown only once:\n`);
  terminal.out(`${oneLine(secret)}\n`);
}
