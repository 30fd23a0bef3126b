import { spawn } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  LabError,
  exitCodeOfChild,
  paragraph,
  programEnvironment,
  runningBastion,
  type RunningBastion,
} from '@lab/cli-kit';
import type { OwnProgram } from './bastion-program.js';
import { readiness } from './local-bastion.js';

const READY_WITHIN_MS = 30_000;

/** Its exit code. */
export async function inForeground(
  { command, args }: OwnProgram,
  folder: string,
  settings: Record<string, string>,
): Promise<number> {
  const child = spawn(command, args, { env: withFolder(folder, settings), stdio: 'inherit' });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return exitCodeOfChild(child);
}

export async function inBackground(
  { command, args }: OwnProgram,
  folder: string,
  settings: Record<string, string>,
): Promise<RunningBastion> {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const logFile = join(folder, 'bastion.log');
  const log = openSync(logFile, 'a', 0o600);
  const { size } = fstatSync(log);
  const child = spawn(command, args, {
    env: withFolder(folder, settings),
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

const withFolder = (folder: string, settings: Record<string, string>): NodeJS.ProcessEnv =>
  programEnvironment({ ...settings, BASTION_DIR: folder });
