import { setTimeout as sleep } from 'node:timers/promises';
import { CliError, EXIT, LabCommand } from '@lab/cli-kit';
import { bastionFolder, dirFlag, isBastion, runningBastion } from '../../local-bastion.js';

/** It answers what is under way first. */
const PATIENCE_MS = 15_000;

export default class BastionStopCommand extends LabCommand {
  static override summary = 'End the bastion on this machine';
  static override description = 'Installs that run go on by themselves, and report when it is back.';
  static override examples = ['<%= config.bin %> bastion stop'];
  static override flags = { dir: dirFlag };

  override async run(): Promise<void> {
    const { flags } = await this.parse(BastionStopCommand);
    const folder = bastionFolder(flags.dir, this.environment.bastionDir);
    const running = await runningBastion(folder);
    const terminal = this.terminal(flags);
    if (running === undefined) {
      terminal.note(`No bastion runs in ${folder}.\n`);
      return;
    }
    process.kill(running.pid, 'SIGTERM');
    const deadline = Date.now() + PATIENCE_MS;
    while (isBastion(running.pid)) {
      if (Date.now() > deadline) {
        throw new CliError(
          'timed-out',
          `the bastion (process ${running.pid}) has not ended after ${PATIENCE_MS / 1000} s`,
          {
            exitCode: EXIT.timedOut,
            hint: `Look at ${folder}/bastion.log, then kill ${running.pid}.`,
          },
        );
      }
      await sleep(50);
    }
    terminal.out('bastion stopped\n');
  }
}
