import {
  LabCommand,
  bastionFolderInUse,
  findingOf,
  formatOf,
  found,
  jsonFlag,
  outputFlag,
  reportFindings,
} from '@lab/cli-kit';
import type { Finding, GlobalFlags } from '@lab/cli-kit';
import { labdChecks } from '../doctor/labd-checks.js';
import { siteChecks } from '../doctor/site-checks.js';

export default class DoctorCommand extends LabCommand {
  static override summary = 'Check that everything labctl needs is well';
  static override description =
    'Context, connection, clock, TLS, login, labd with its database, the links of the bastions; on a machine with a bastion also the first of what that needs: labctl bastion doctor looks at all of it. Exit code 1 if a check failed.';
  static override examples = ['<%= config.bin %> doctor', '<%= config.bin %> doctor -o json'];
  static override flags = { output: outputFlag, json: jsonFlag };

  override async run(): Promise<void> {
    const { flags } = await this.parse(DoctorCommand);
    const hasFailed = await reportFindings(this.#checks(flags), this.terminal(flags), formatOf(flags));
    if (hasFailed) process.exitCode = 1;
  }

  async *#checks(flags: GlobalFlags): AsyncGenerator<Finding> {
    try {
      const connection = await this.lab(flags);
      const name = connection.contextName;
      yield found.ok(
        'context',
        name === undefined ? 'from the environment' : `"${name}" at ${connection.client.server}`,
      );
      yield* labdChecks(connection);
    } catch (error) {
      yield findingOf('context', error);
    }
    const { bastionDir, path } = this.environment;
    try {
      const folder = await bastionFolderInUse(undefined, this.environment);
      yield* siteChecks(folder, bastionDir !== undefined, path);
    } catch (error) {
      yield findingOf('bastion', error);
    }
  }
}
