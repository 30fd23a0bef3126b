import { readFile } from 'node:fs/promises';
import * as Flags from '@oclif/core/flags';
import { LabError } from '@lab/domain';
import { LabCommand, documentText, formatOf, isData, jsonFlag, oneLine, outputFlag } from '@lab/cli-kit';

export default class AuditVerifyCommand extends LabCommand {
  static override summary = 'Check that nobody has changed the audit log';
  static override description =
    'Every row is held against the chain of hashes. Exit code 1 if the chain is broken, with the row.';
  static override examples = [
    '<%= config.bin %> audit verify',
    '<%= config.bin %> audit verify --head audit-head.json',
  ];
  static override flags = {
    head: Flags.string({ description: 'file with what audit head printed earlier', helpValue: 'FILE' }),
    output: outputFlag,
    json: jsonFlag,
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(AuditVerifyCommand);
    const format = formatOf(flags);
    const head = flags.head === undefined ? undefined : await readHead(flags.head);
    const { client } = await this.lab(flags);
    const verdict = await client.verifyAudit(head);
    const terminal = this.terminal(flags);
    const { intact, rows, broken, unsealed } = verdict;
    if (!intact) process.exitCode = 1;
    if (isData(format)) {
      terminal.out(documentText(verdict, format === 'yaml' ? 'yaml' : 'json'));
    } else if (broken === null) {
      terminal.out(
        `The audit log is intact: ${rows} rows hold${unsealed === 0 ? '' : `, ${unsealed} are yet to be sealed`}.\n`,
      );
    } else {
      terminal.out(
        `The audit log is BROKEN at row ${oneLine(broken.seq)}: ${oneLine(broken.problem)}. ${rows} rows before it hold.\n`,
      );
    }
  }
}

async function readHead(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as unknown;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new LabError('invalid', `--head: ${file} can't be read: ${oneLine(why)}`, {
      hint: 'Give the file that labctl audit head has printed.',
      cause,
    });
  }
}
