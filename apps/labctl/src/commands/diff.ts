import { LabError, kindNamed } from '@lab/domain';
import {
  EXIT,
  LabCommand,
  ResourceClient,
  appliedError,
  authored,
  errorReport,
  readDocuments,
  usageError,
  withChanges,
} from '@lab/cli-kit';
import type { Connection, SourceDocument, Terminal } from '@lab/cli-kit';
import { showDiff, type Difference } from '../external-diff.js';
import { fileFlags } from '../file-flags.js';

/** kubectl's: 1 says that something differs, so that errors are above it. */
const DIFFERS = 1;
const FAILED = 2;

export default class DiffCommand extends LabCommand {
  static override summary = 'Show what apply would change';
  static override description = `As a unified diff, or by the program in LABCTL_EXTERNAL_DIFF, which is called with two folders.
Exit code 0: nothing would change, 1: something would, 2: an error.`;
  static override usage = 'diff -f FILE|DIR|-';
  static override examples = ['<%= config.bin %> diff -f lab.yaml'];
  static override flags = fileFlags;

  override async run(): Promise<void> {
    const { flags } = await this.parse(DiffCommand);
    const terminal = this.terminal(flags);
    if (flags.filename === undefined) throw usageError('diff what?', 'Write labctl diff -f FILE.');
    try {
      const documents = await readDocuments(flags.filename, { recursive: flags.recursive });
      process.exitCode = await diff(
        await this.lab(flags),
        terminal,
        documents,
        this.environment.externalDiff,
      );
    } catch (error) {
      terminal.note(errorReport(error, { debug: flags.debug, colour: terminal.colour }));
      process.exitCode = FAILED;
    }
  }
}

async function diff(
  { client, catalog }: Connection,
  terminal: Terminal,
  documents: readonly SourceDocument[],
  program: string | undefined,
): Promise<number> {
  const kinds = await catalog.kinds();
  const items = await new ResourceClient(client).diff(documents.map(({ value }) => value));
  const failed = items.filter(({ action }) => action === 'failed');
  for (const item of failed) terminal.note(errorReport(appliedError(item, documents, kinds), terminal));
  const differences: Difference[] = [];
  for (const { kind: name, name: resource, action, changes } of items) {
    if (action !== 'created' && action !== 'configured') continue;
    const kind = kindNamed(name, kinds);
    if (kind === undefined) throw new LabError('invalid', `labd knows a kind ${name} that its catalog lacks`);
    const before = action === 'created' ? undefined : authored(await client.resource(kind, resource));
    const empty = { apiVersion: 'lab/v1', kind: kind.kind, metadata: { name: resource }, spec: {} };
    differences.push({
      name: `${kind.singular}.${resource}`,
      before,
      after: withChanges(before ?? empty, changes),
    });
  }
  if (differences.length > 0) await showDiff(terminal, differences, program);
  if (failed.length > 0) return FAILED;
  return differences.length > 0 ? DIFFERS : EXIT.done;
}
