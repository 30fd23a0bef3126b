import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync } from 'node:fs';
import { LabError } from '@lab/domain';
import type { DataFolder } from './data-folder.js';
import type { PostgresBinaries } from './postgres-binaries.js';
import { commandAs, type RunAs } from './run-as.js';
import { readPostmasterFile, release } from './server-claim.js';

/** A server that runs on a folder. */
export interface ServerProcess {
  /** PID of the server's first process. */
  pid: number;
  /** Resolves when the server has ended, for whatever reason. */
  exited: Promise<void>;
  /** Ends all connections and stops the server; resolves when it has written everything. May be called again. */
  stop: () => Promise<void>;
}

export interface LaunchOptions {
  folder: DataFolder;
  binaries: PostgresBinaries;
  runAs: RunAs;
  /** On 127.0.0.1. */
  port: number;
  settings: Readonly<Record<string, string>>;
  /** The server isn't stopped when this process exits. */
  outlive: boolean;
}

const START_TIMEOUT_MS = 60_000;

/** PostgreSQL's programs get nothing of our environment: no `PG…` variable, no locale. */
const ENVIRONMENT: NodeJS.ProcessEnv = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };

/** Makes a database. Throws LabError `environment` with what initdb complained of. */
export async function runInitdb(
  binaries: PostgresBinaries,
  runAs: RunAs,
  args: readonly string[],
): Promise<void> {
  const { file, args: all, ids } = commandAs(runAs, binaries.initdb, args);
  const child = spawn(file, all, { ...ids, cwd: '/', env: ENVIRONMENT, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-4_000);
    });
  }
  const status = await ended(child);
  if (status === 0) return;
  throw new LabError(
    'environment',
    `the database could not be made: ${lastLine(output) ?? 'initdb failed'}`,
    {
      hint: 'Free space on the disk, or set LAB_HOME to another folder, or set DATABASE_URL.',
      details: { output },
    },
  );
}

/**
 * Starts the server and resolves when it accepts connections. Throws LabError `environment` with what kept it from that;
 * `details.port` is set when the port was in use.
 */
export async function launch(options: LaunchOptions): Promise<ServerProcess> {
  const { folder, binaries, runAs, port, settings } = options;
  const args = Object.entries({ ...settings, port: String(port) }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const { file, args: all, ids } = commandAs(runAs, binaries.postgres, ['-D', folder.data, ...args]);
  const log = openLog(folder);
  // The log is a file and no pipe: the server must not stumble when the program is killed.
  const child = spawn(file, all, {
    ...ids,
    cwd: '/',
    env: ENVIRONMENT,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const exit = ended(child);
  const { pid } = child;
  if (pid === undefined) await exit;
  const running = superviseServer(child, exit, folder, options.outlive);
  try {
    await ready(folder, child, exit, port);
  } catch (error) {
    await running.stop();
    throw error;
  }
  child.unref();
  return { ...running, pid: pid ?? 0 };
}

function superviseServer(
  child: ChildProcess,
  exit: Promise<number>,
  folder: DataFolder,
  outlive: boolean,
): Pick<ServerProcess, 'exited' | 'stop'> {
  const onProcessExit = (): void => {
    child.kill('SIGINT');
  };
  if (!outlive) process.once('exit', onProcessExit);
  const exited = exit.then(() => {
    process.off('exit', onProcessExit);
    release(folder);
  });
  const stop = async (): Promise<void> => {
    child.ref();
    // Fast, then immediate (recovers from the log at the next start), then none too gentle.
    const signals: readonly (readonly [NodeJS.Signals, number])[] = [
      ['SIGINT', 20_000],
      ['SIGQUIT', 5_000],
      ['SIGKILL', 5_000],
    ];
    for (const [signal, patience] of signals) {
      if (child.exitCode !== null || child.signalCode !== null) break;
      child.kill(signal);
      if (await settlesWithin(exited, patience)) break;
    }
    await exited;
  };
  return { exited, stop };
}

/** Resolves when the server accepts connections; throws what kept it from that. */
async function ready(
  folder: DataFolder,
  child: ChildProcess,
  exit: Promise<number>,
  port: number,
): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (!(await settlesWithin(exit, 15))) {
    const file = readPostmasterFile(folder);
    if (file?.pid === child.pid && file?.status === 'ready') return;
    if (performance.now() > deadline) {
      throw new LabError('environment', `the database in ${folder.root} did not start within a minute`, {
        hint: `Look into ${folder.log}: it may still be recovering. Start again to give it more time.`,
      });
    }
  }
  throw startFailure(folder, readFileSync(folder.log, 'utf8').slice(-8_000), port);
}

function startFailure(folder: DataFolder, log: string, port: number): LabError {
  if (/Address already in use|could not create any TCP\/IP sockets/.test(log)) {
    return new LabError('environment', `port ${String(port)} on 127.0.0.1 is in use`, {
      hint: 'Stop the program that has it, or choose another port for the database.',
      details: { port },
    });
  }
  if (log.includes('lock file "postmaster.pid" already exists')) {
    return new LabError('environment', `the data folder ${folder.root} is in use by another PostgreSQL`, {
      hint: 'Stop that program, or set LAB_HOME to another folder.',
      details: { folder: folder.root },
    });
  }
  return new LabError('environment', `PostgreSQL did not start: ${lastLine(log) ?? 'it said nothing'}`, {
    hint: `Look into ${folder.log}.`,
    details: { folder: folder.root },
  });
}

/** The last thing that a PostgreSQL program complained of, without the time stamp. */
function lastLine(output: string): string | undefined {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const complaint = lines.findLast((line) => /\b(?:FATAL|PANIC|error):/.test(line)) ?? lines.at(-1);
  return complaint?.replace(/^.*?\b(?:FATAL|PANIC|error):\s*/, '').slice(0, 500);
}

function openLog(folder: DataFolder): number {
  try {
    renameSync(folder.log, `${folder.log}.1`);
  } catch {
    // The first start: there is none to keep.
  }
  return openSync(folder.log, 'w', 0o600);
}

function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => {
      reject(new LabError('environment', `${child.spawnfile} can't be started`, { cause }));
    });
    child.once('exit', (code) => {
      resolve(code ?? 1);
    });
  });
}

async function settlesWithin(promise: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => {
      resolve(false);
    }, milliseconds);
  });
  const settled = promise.then(() => true);
  return Promise.race([settled, late]).finally(() => {
    clearTimeout(timer);
  });
}
