import {
  LabCommand,
  ResourceClient,
  appliedError,
  appliedName,
  documentText,
  errorReport,
  formatOf,
  isData,
  jsonFlag,
  outputFlag,
  readDocuments,
  usageError,
} from '@lab/cli-kit';
import { dryRunFlag, fileFlags, isDryRun, tried } from '../file-flags.js';

export default class ApplyCommand extends LabCommand {
  static override summary = 'Make resources be as documents say';
  static override description = `Creates what is not there and changes what differs. All documents are tried; exit code 1 if any failed.
metadata.version in a document guards against changes since it was read.`;
  static override usage = 'apply -f FILE|DIR|-';
  static override examples = [
    '<%= config.bin %> apply -f lab.yaml',
    '<%= config.bin %> apply -f site/ -R --dry-run=server',
    '<%= config.bin %> get networks -o yaml | <%= config.bin %> apply -f -',
  ];
  static override flags = {
    ...fileFlags,
    'dry-run': dryRunFlag,
    output: outputFlag,
    json: jsonFlag,
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(ApplyCommand);
    const format = formatOf(flags);
    const dryRun = isDryRun(flags['dry-run']);
    const terminal = this.terminal(flags);
    if (flags.filename === undefined) throw usageError('apply what?', 'Write labctl apply -f FILE.');
    const documents = await readDocuments(flags.filename, { recursive: flags.recursive });
    const { client, catalog } = await this.lab(flags);
    const kinds = await catalog.kinds();
    const applied = await new ResourceClient(client).apply(
      documents.map(({ value }) => value),
      { dryRun },
    );
    const done = applied.filter(({ action }) => action !== 'failed');
    if (isData(format))
      terminal.out(
        documentText(
          { apiVersion: 'lab/v1', kind: 'List', items: applied },
          format === 'yaml' ? 'yaml' : 'json',
        ),
      );
    else {
      const lines = done.map((item) => {
        const name = appliedName(item, kinds);
        return format === 'name' ? name : `${name} ${tried(item.action, dryRun)}`;
      });
      if (lines.length > 0) terminal.out(`${lines.join('\n')}\n`);
    }
    for (const item of applied)
      if (item.action === 'failed')
        terminal.note(errorReport(appliedError(item, documents, kinds), terminal));
    if (done.length < applied.length) process.exitCode = 1;
  }
}
