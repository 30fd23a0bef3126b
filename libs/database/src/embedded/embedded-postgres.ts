import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync } from 'node:fs';
import { createServer } from 'node:net';
import { LabError } from '@lab/domain';
import pg from 'pg';
import {
  dataFolder,
  dataOwner,
  ensurePassword,
  handOver,
  holdsDatabase,
  initialize,
  prepareFolder,
  type DataFolder,
} from './data-folder.js';
import { locatePostgres, type PostgresBinaries } from './postgres-binaries.js';
import { chooseRunAs, commandAs, ownerUnder, type RunAs } from './run-as.js';
import { claim, readPostmasterFile, release, takeOver } from './server-claim.js';

export interface EmbeddedPostgresOptions {
  /** Folder of the database, made if need be. Holds the data, the password (0600) and the server's log. */
  dataDir: string;
  /** TCP port on 127.0.0.1; a free one by default. */
  port?: number;
  /** Server settings over ours, `{fsync: 'off'}`. */
  settings?: Readonly<Record<string, string>>;
  /** The server outlives this process; whoever needs it no more sends SIGINT to `pid`. For test harnesses. */
  outlive?: boolean;
}

export interface EmbeddedPostgres {
  /** `postgresql://lab:…@127.0.0.1:PORT/lab`. Holds the password: not for logs. */
  url: string;
  port: number;
  /** PID of the server's first process. */
  pid: number;
  /** Resolves when the server has ended, for whatever reason. */
  exited: Promise<void>;
  /** Ends all connections and stops the server; resolves when it has written everything. May be called again. */
  stop(): Promise<void>;
}

const USER = 'lab';
const DATABASE = 'lab';
const START_TIMEOUT_MS = 60_000;
const PORT_ATTEMPTS = 3;

/** For small machines: about 40 MB resident when idle. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '64MB',
  max_connections: '60',
  max_wal_size: '256MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  io_method: 'sync',
  jit: 'off',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  lc_messages: 'C',
  // The log says how the server fares; a statement that failed is its client's business.
  log_min_messages: 'log',
  log_checkpoints: 'off',
};

/**
 * Starts PostgreSQL on a folder, making the database on the first start. A server that a killed program has left on the
 * folder is stopped first. The server is not in our process group, so that Ctrl-C reaches the program alone.
 *
 * Throws LabError `environment`: folder not writable, in use, of another version or with other files; port in use; no
 * way to run as root; no PostgreSQL for this machine.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const binaries = locatePostgres();
  const folder = dataFolder(options.dataDir);
  await prepareFolder(folder);
  await takeOver(folder);
  claim(folder);
  try {
    const runAs = chooseRunAs(binaries.postgres, folder.root, dataOwner(folder));
    const password = await prepareDatabase(folder, binaries, runAs, options.settings?.['fsync'] !== 'off');
    const running = await launchOnSomePort(folder, binaries, runAs, options);
    const address = `127.0.0.1:${String(running.port)}`;
    await ensureDatabase(`postgresql://${USER}:${password}@${address}/postgres`);
    return { ...running, url: `postgresql://${USER}:${password}@${address}/${DATABASE}` };
  } catch (error) {
    release(folder);
    throw error;
  }
}

async function prepareDatabase(
  folder: DataFolder,
  binaries: PostgresBinaries,
  runAs: RunAs,
  sync: boolean,
): Promise<string> {
  const present = holdsDatabase(folder, binaries.major);
  const password = await ensurePassword(folder, present);
  const owner = ownerUnder(runAs);
  if (!present) {
    await initialize(folder, password, owner, (target, passwordFile) =>
      runInitdb(binaries, runAs, [
        ...['-D', target, '-U', USER, '-A', 'scram-sha-256', '--pwfile', passwordFile],
        // Sorted by code point, as CockroachDB sorts.
        ...[
          '-E',
          'UTF8',
          '--locale=C',
          '--locale-provider=builtin',
          '--builtin-locale=C.UTF-8',
          '--no-instructions',
        ],
        ...(sync ? [] : ['--no-sync']),
      ]),
    );
  }
  await handOver(folder, owner);
  return password;
}

const environment = (): NodeJS.ProcessEnv => ({
  LC_ALL: 'C',
  TZ: 'UTC',
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
});

async function runInitdb(binaries: PostgresBinaries, runAs: RunAs, args: readonly string[]): Promise<void> {
  const { file, args: all, ids } = commandAs(runAs, binaries.initdb, args);
  const child = spawn(file, all, { ...ids, cwd: '/', env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
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

type Running = Omit<EmbeddedPostgres, 'url'>;

async function launchOnSomePort(
  folder: DataFolder,
  binaries: PostgresBinaries,
  runAs: RunAs,
  options: EmbeddedPostgresOptions,
): Promise<Running> {
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort());
    try {
      return await launch(folder, binaries, runAs, port, options);
    } catch (error) {
      const taken = error instanceof LabError && error.details['port'] === port;
      if (!taken || options.port !== undefined || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

async function launch(
  folder: DataFolder,
  binaries: PostgresBinaries,
  runAs: RunAs,
  port: number,
  options: EmbeddedPostgresOptions,
): Promise<Running> {
  const settings = { ...SETTINGS, port: String(port), ...options.settings };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const { file, args: all, ids } = commandAs(runAs, binaries.postgres, ['-D', folder.data, ...args]);
  const log = openLog(folder);
  // The log is a file and no pipe: the server must not stumble when the program is killed.
  const child = spawn(file, all, {
    ...ids,
    cwd: '/',
    env: environment(),
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const exit = ended(child);
  const { pid } = child;
  if (pid === undefined) await exit;
  const running = superviseServer(child, exit, folder, options.outlive ?? false);
  try {
    await ready(folder, child, exit, port);
  } catch (error) {
    await running.stop();
    throw error;
  }
  child.unref();
  return { ...running, pid: pid ?? 0, port };
}

function superviseServer(
  child: ChildProcess,
  exit: Promise<number>,
  folder: DataFolder,
  outlive: boolean,
): Pick<EmbeddedPostgres, 'exited' | 'stop'> {
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

async function ensureDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end();
  }
}

/** PostgreSQL doesn't take 0 for "any": ask the system, and try another if someone was faster. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string')
    throw new LabError('environment', 'there is no free port');
  return address.port;
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
