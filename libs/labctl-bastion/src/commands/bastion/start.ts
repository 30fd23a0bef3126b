import { spawn } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as Flags from '@oclif/core/flags';
import { LabCommand, LabError, exitCodeOfChild, oneLine, paragraph, programEnvironment } from '@lab/cli-kit';
import { bastionProgram, type BastionProgram } from '../../bastion-program.js';
import { bastionFolder, dirFlag, readiness, runningBastion, type Running } from '../../local-bastion.js';

const READY_WITHIN_MS = 30_000;

export default class BastionStartCommand extends LabCommand {
  static override summary = 'Start a bastion on this machine';
  static override description = `Its settings are the BASTION_… variables and LABD_URL; without LABD_URL it stands alone.
It goes on in the background, and writes its log to FOLDER/bastion.log; with --foreground it stays here and writes to the terminal.`;
  static override examples = [
    '<%= config.bin %> bastion start',
    'BASTION_DHCP_INTERFACE=lab0 BASTION_DHCP_RANGE=192.168.77.100,192.168.77.200 <%= config.bin %> bastion start --foreground',
  ];
  static override flags = {
    dir: dirFlag,
    foreground: Flags.boolean({ description: 'stay here until Ctrl-C' }),
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(BastionStartCommand);
    const folder = bastionFolder(flags.dir, this.environment.bastionDir);
    const running = await runningBastion(folder);
    if (running !== undefined) {
      throw new LabError(
        'exists',
        `a bastion runs in ${folder} already (process ${running.pid}, ${running.url})`,
        {
          hint: 'See labctl bastion status, end it with labctl bastion stop, or give another --dir.',
        },
      );
    }
    const program = bastionProgram(this.environment.path, this.config.root);
    if (flags.foreground) {
      process.exitCode = await inForeground(program, folder);
      return;
    }
    const started = await inBackground(program, folder);
    const labd = this.environment.labdUrl;
    this.terminal(flags).out(
      `bastion started (process ${started.pid}) at ${oneLine(started.url)}\n` +
        `${labd === undefined ? 'It stands alone: LABD_URL is not set.' : `labd is ${oneLine(labd)}.`}\n`,
    );
  }
}

/** Its exit code. */
async function inForeground({ command, args }: BastionProgram, folder: string): Promise<number> {
  const child = spawn(command, args, { env: withFolder(folder), stdio: 'inherit' });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return exitCodeOfChild(child);
}

async function inBackground({ command, args }: BastionProgram, folder: string): Promise<Running> {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const logFile = join(folder, 'bastion.log');
  const log = openSync(logFile, 'a', 0o600);
  const { size } = fstatSync(log);
  const child = spawn(command, args, {
    env: withFolder(folder),
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  const state = { ended: false };
  for (const event of ['exit', 'error']) child.once(event, () => (state.ended = true));
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!state.ended && Date.now() < deadline) {
    const running = await runningBastion(folder);
    if (running?.pid === child.pid && running !== undefined && (await readiness(running.url)) !== undefined) {
      child.unref();
      return running;
    }
    await sleep(50);
  }
  if (!state.ended) child.kill();
  throw notStarted(logFile, size, state.ended);
}

/** What it said to a person; its log proper is JSON lines. */
function notStarted(logFile: string, from: number, ended: boolean): LabError {
  const said = readFileSync(logFile)
    .subarray(from)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('{'));
  const hint = said.find((line) => line.startsWith('hint: '))?.slice('hint: '.length);
  const message = said.filter((line) => !line.startsWith('hint: ')).join('\n');
  const why = ended ? 'it ended while it started' : `it is not ready after ${READY_WITHIN_MS / 1000} s`;
  return new LabError(
    'environment',
    paragraph(message === '' ? `the bastion did not start: ${why}` : message),
    {
      hint: hint ?? `Its log is ${logFile}.`,
    },
  );
}

const withFolder = (folder: string): NodeJS.ProcessEnv => programEnvironment({ BASTION_DIR: folder });
