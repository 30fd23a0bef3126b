import {
  LabCommand,
  Table,
  bastionFolderInUse,
  documentText,
  formatOf,
  isData,
  jsonFlag,
  oneLine,
  outputFlag,
} from '@lab/cli-kit';
import type { GlobalFlags } from '@lab/cli-kit';
import { fromError, ok, type Finding } from '../doctor/finding.js';
import { labdChecks } from '../doctor/labd-checks.js';
import { siteChecks } from '../doctor/site-checks.js';

export default class DoctorCommand extends LabCommand {
  static override summary = 'Check that everything labctl needs is well';
  static override description =
    'Context, connection, clock, TLS, login, labd with its database, the links of the bastions; on a machine with a bastion also what that needs. Exit code 1 if a check failed.';
  static override examples = ['<%= config.bin %> doctor', '<%= config.bin %> doctor -o json'];
  static override flags = { output: outputFlag, json: jsonFlag };

  override async run(): Promise<void> {
    const { flags } = await this.parse(DoctorCommand);
    const format = formatOf(flags);
    const terminal = this.terminal(flags);
    const findings: Finding[] = [];
    const table = new Table(['CHECK', 'STATUS', 'FOUND']);
    for await (const finding of this.#checks(flags)) {
      findings.push(finding);
      if (isData(format)) continue;
      const { check, status, message, fix } = finding;
      terminal.out(`${table.lines([[check.padEnd(10), status.padEnd(7), oneLine(message)]]).join('\n')}\n`);
      if (fix !== undefined) terminal.out(`  fix: ${oneLine(fix)}\n`);
    }
    if (isData(format)) terminal.out(documentText({ findings }, format === 'yaml' ? 'yaml' : 'json'));
    if (findings.some(({ status }) => status === 'failed')) process.exitCode = 1;
  }

  async *#checks(flags: GlobalFlags): AsyncGenerator<Finding> {
    try {
      const connection = await this.lab(flags);
      const name = connection.contextName;
      yield ok(
        'context',
        name === undefined ? 'from the environment' : `"${name}" at ${connection.client.server}`,
      );
      yield* labdChecks(connection);
    } catch (error) {
      yield fromError('context', error);
    }
    const { bastionDir, path } = this.environment;
    try {
      const folder = await bastionFolderInUse(undefined, this.environment);
      yield* siteChecks(folder, bastionDir !== undefined, path);
    } catch (error) {
      yield fromError('bastion', error);
    }
  }
}
