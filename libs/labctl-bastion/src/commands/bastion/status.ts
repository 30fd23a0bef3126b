import { LabCommand, documentText, formatOf, isData, jsonFlag, oneLine, outputFlag } from '@lab/cli-kit';
import { bastionFolder, dirFlag, readiness, runningBastion } from '../../local-bastion.js';

/** As systemctl has it for a program that isn't running. */
const NOT_RUNNING = 3;

export default class BastionStatusCommand extends LabCommand {
  static override summary = 'Say how the bastion on this machine is';
  static override description =
    'Exit code 0 if it runs and is ready, 1 if a part of it is down, 3 if it does not run.';
  static override examples = ['<%= config.bin %> bastion status', '<%= config.bin %> bastion status -o json'];
  static override flags = { dir: dirFlag, output: outputFlag, json: jsonFlag };

  override async run(): Promise<void> {
    const { flags } = await this.parse(BastionStatusCommand);
    const format = formatOf(flags);
    const folder = bastionFolder(flags.dir, this.environment.bastionDir);
    const running = await runningBastion(folder);
    const state = running === undefined ? undefined : await readiness(running.url);
    const terminal = this.terminal(flags);
    const status = { folder, running: running !== undefined, ...running, ...state };
    if (running === undefined) process.exitCode = NOT_RUNNING;
    else if (state?.status !== 'ready') process.exitCode = 1;
    if (isData(format)) {
      terminal.out(documentText(status, format === 'yaml' ? 'yaml' : 'json'));
      return;
    }
    if (running === undefined) {
      terminal.out(`No bastion runs in ${folder}.\n`);
      return;
    }
    const lines = [
      `Process:   ${running.pid}`,
      `Address:   ${oneLine(running.url)}`,
      `Folder:    ${folder}`,
      ...(state === undefined
        ? ['Status:    it does not answer']
        : [
            `Status:    ${oneLine(state.status)}`,
            `DHCP:      ${oneLine(state.dhcp)}`,
            `Link:      ${oneLine(state.link)}`,
            `Machines:  ${state.machines}`,
          ]),
    ];
    terminal.out(`${lines.join('\n')}\n`);
  }
}
