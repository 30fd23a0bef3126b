import * as Flags from '@oclif/core/flags';
import { LabError, kindNamed } from '@lab/domain';
import type { PrintedKind } from '@lab/domain';
import {
  LabCommand,
  ResourceClient,
  changeText,
  confirm,
  errorReport,
  exitCodeOf,
  formatOf,
  jsonFlag,
  oneLine,
  outputFlag,
  readDocuments,
  requireWayToConfirm,
  saidOf,
  textAt,
  usageError,
} from '@lab/cli-kit';
import { dryRunFlag, fileFlags, isDryRun, tried } from '../file-flags.js';

export default class DeleteCommand extends LabCommand {
  static override summary = 'Delete resources';
  static override description = `Asks for the name of each, or takes it from --confirm. What others depend on is refused, with their names.
To take a server out of labd with its installs, see forget.`;
  static override usage = ['delete TYPE NAME…', 'delete TYPE/NAME…', 'delete -f FILE|DIR|-'];
  static override examples = [
    '<%= config.bin %> delete network lab',
    '<%= config.bin %> delete cluster/prod --confirm prod',
    '<%= config.bin %> delete -f lab.yaml --confirm lab --confirm prod',
  ];
  static override strict = false;
  static override flags = {
    ...fileFlags,
    confirm: Flags.string({
      description: 'the name of what is deleted, instead of typing it; once for each',
      helpValue: 'NAME',
      multiple: true,
      multipleNonGreedy: true,
    }),
    'ignore-not-found': Flags.boolean({ description: 'what is not there is no error' }),
    'dry-run': dryRunFlag,
    output: outputFlag,
    json: jsonFlag,
  };

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(DeleteCommand);
    const format = formatOf(flags);
    const dryRun = isDryRun(flags['dry-run']);
    const terminal = this.terminal(flags);
    const lab = this.lab(flags);
    const targets = await this.#targets(argv.map(String), flags, lab);
    if (!dryRun) requireWayToConfirm(terminal, flags.confirm?.[0]);
    const { client } = await lab;
    const resources = new ResourceClient(client);
    for (const { kind, ref } of targets) {
      try {
        const found = await client.resource(kind, ref);
        const name = textAt(found, 'metadata.name') ?? ref;
        if (!dryRun) {
          await confirm(terminal, {
            warning: `labd will delete the ${kind.singular} ${name}.`,
            name,
            given:
              flags.confirm === undefined
                ? undefined
                : (flags.confirm.find((one) => one === name) ?? flags.confirm[0]),
          });
        }
        const id = textAt(found, 'metadata.id') ?? name;
        const deleted = await resources.remove(kind.plural, id, { dryRun });
        terminal.out(changeText(deleted, kind.singular, tried('deleted', dryRun), format));
      } catch (error) {
        const gone = error instanceof LabError && error.code === 'not-found';
        if (gone && flags['ignore-not-found']) {
          terminal.note(`There is no ${kind.singular} ${oneLine(ref)}.\n`);
          continue;
        }
        if (targets.length === 1 || !(error instanceof LabError)) throw error;
        terminal.note(errorReport(error, terminal));
        process.exitCode = Math.max(Number(process.exitCode ?? 0), exitCodeOf(error));
      }
    }
  }

  async #targets(
    args: readonly string[],
    flags: { filename?: string[] | undefined; recursive: boolean },
    lab: ReturnType<LabCommand['lab']>,
  ): Promise<{ kind: PrintedKind; ref: string }[]> {
    if (flags.filename === undefined) {
      const selections = await this.selections(args, 'delete', () => lab);
      return selections.flatMap(({ kind, refs }) => {
        if (refs.length === 0)
          throw usageError(`delete which ${kind.singular}?`, `Write labctl delete ${kind.singular} NAME.`);
        return refs.map((ref) => ({ kind, ref }));
      });
    }
    if (args.length > 0) throw usageError('-f and names do not go together', 'Give either.');
    const documents = await readDocuments(flags.filename, { recursive: flags.recursive });
    const kinds = await (await lab).catalog.kinds();
    return documents.map(({ where, value }) => {
      const { kind: said, name } = saidOf(value);
      const kind = kindNamed(said, kinds);
      if (kind === undefined || name === '') {
        throw new LabError(
          'invalid',
          `${where}: ${kind === undefined ? `there is no kind "${oneLine(said)}"` : 'metadata.name is missing'}`,
          {
            hint: 'Correct the document; nothing was deleted.',
          },
        );
      }
      return { kind, ref: name };
    });
  }
}
