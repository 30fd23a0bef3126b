import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LabError } from '@lab/domain';

export interface ProgramOptions {
  /** What a person calls it: `labd`. */
  name: string;
  command: string;
  args: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  /** Not of the terminal's process group: Ctrl-C doesn't reach it. */
  ownGroup?: boolean;
  /** Its output goes here, appended. */
  logFile: string;
  /** Asked until it says true. */
  isReady: () => Promise<boolean>;
  /** In milliseconds. */
  readyWithin: number;
}

/** A program of ours that runs as a child: it became ready, and ends with us. */
export interface Program {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** Resolves when it has ended, however. */
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Asks it to end, and ends it after 10 seconds if it doesn't. */
  stop(): Promise<void>;
  /** `kill -9`. */
  kill(): Promise<void>;
}

/** Starts a program and waits until it is ready. Raises `environment` with its last words if it ends before, or takes too long. */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, 'a', 0o600);
  const { size: begin } = fstatSync(log);
  const child = spawn(options.command, options.args, {
    env: options.env,
    stdio: ['ignore', log, log],
    detached: options.ownGroup ?? false,
  });
  closeSync(log);
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: null, signal: null }));
  });
  const program = handleOf(child, exited, options);
  const outcome = await Promise.race([
    waitUntil(options.isReady, options.readyWithin),
    exited.then(() => 'ended' as const),
  ]);
  if (outcome === 'ready') return program;
  await program.kill();
  if (outcome === 'ended') throw endedEarly(options, begin);
  throw new LabError('environment', `${options.name} is not ready after ${options.readyWithin / 1000} s`, {
    hint: `Its log is ${options.logFile}.`,
  });
}

function handleOf(child: ChildProcess, exited: Program['exited'], options: ProgramOptions): Program {
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await exited;
  };
  return {
    name: options.name,
    pid: child.pid ?? 0,
    logFile: options.logFile,
    exited,
    kill: () => end('SIGKILL'),
    stop: async () => {
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await end('SIGTERM');
      clearTimeout(timer);
    },
  };
}

async function waitUntil(isReady: () => Promise<boolean>, within: number): Promise<'ready' | 'late'> {
  const deadline = performance.now() + within;
  while (performance.now() < deadline) {
    if (await isReady()) return 'ready';
    await delay(50);
  }
  return 'late';
}

/** What the program said to a person (its log proper is JSON lines), or the end of its log. */
function endedEarly({ name, logFile }: ProgramOptions, begin: number): LabError {
  const lines = readFileSync(logFile).subarray(begin).toString('utf8').trimEnd().split('\n');
  const said = lines.filter((line) => !line.startsWith('{'));
  const hint = said.find((line) => line.startsWith('hint: '))?.slice('hint: '.length);
  const message = said.filter((line) => !line.startsWith('hint: ')).join('\n');
  return new LabError(
    'environment',
    message === '' ? `${name} ended while it started:\n${lines.slice(-8).join('\n')}` : message,
    {
      hint: hint ?? `Its log is ${logFile}.`,
    },
  );
}

/** Whether `url` answers 200. */
export async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

/** Whether something listens on that port of this machine. */
export function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
