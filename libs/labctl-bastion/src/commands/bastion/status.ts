import {
  LabCommand,
  bastionFolderInUse,
  documentText,
  formatOf,
  isData,
  jsonFlag,
  oneLine,
  outputFlag,
  runningBastion,
} from '@lab/cli-kit';
import { dirFlag, readiness } from '../../local-bastion.js';
import { readJoin, readJoined, readSite } from '../../standalone/site-files.js';

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
    const folder = await bastionFolderInUse(flags.dir, this.environment);
    const running = await runningBastion(folder);
    const state = running === undefined ? undefined : await readiness(running.url);
    const terminal = this.terminal(flags);
    const site = await readSite(folder);
    const labd =
      site === undefined
        ? undefined
        : { ...site.labd, status: site.labd === null ? 'does not run' : await readyText(site.labd.url) };
    // What it says of itself is not to be spoiled by a file that can't be read.
    const [join, joined] = await Promise.all(
      [readJoin(folder), readJoined(folder)].map((read) => read.catch(() => undefined)),
    );
    const status = {
      ...{ folder, running: running !== undefined, ...running, ...state },
      ...(site !== undefined && { standalone: true, supervisor: site.pid === 0 ? null : site.pid, labd }),
      ...(join !== undefined && 'url' in join && { joining: join.url }),
      ...(joined !== undefined && 'labdUrl' in joined && { joined: joined.labdUrl }),
    };
    if (running === undefined && site === undefined) process.exitCode = NOT_RUNNING;
    else if (state?.status !== 'ready' || (labd !== undefined && labd.status !== 'ready'))
      process.exitCode = 1;
    if (isData(format)) {
      terminal.out(documentText(status, format === 'yaml' ? 'yaml' : 'json'));
      return;
    }
    const ofSite = [
      ...(labd === undefined
        ? []
        : [
            `labd:      ${site?.labd === null ? '' : `${oneLine(site?.labd?.url ?? '')} (process ${site?.labd?.pid ?? ''}) `}${labd.status}`,
          ]),
      ...(status.joining === undefined
        ? []
        : [`Join:      with ${oneLine(status.joining)} has not ended: run labctl bastion join again`]),
      ...(status.joined === undefined ? [] : [`Joined:    ${oneLine(status.joined)}`]),
    ];
    if (running === undefined) {
      terminal.out([`No bastion runs in ${folder}.`, ...ofSite, ''].join('\n'));
      return;
    }
    const lines = [
      `Process:   ${running.pid}`,
      `Address:   ${oneLine(running.url)}`,
      `Folder:    ${folder}`,
      ...ofSite,
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

async function readyText(url: string): Promise<string> {
  const state = await readiness(url);
  if (state === undefined) return 'does not answer';
  return ['ready', 'ok'].includes(state.status) ? 'ready' : oneLine(state.status);
}
