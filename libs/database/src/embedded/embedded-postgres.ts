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
import { onPlainPath } from './plain-path.js';
import { locatePostgres, type PostgresBinaries } from './postgres-binaries.js';
import { chooseRunAs, ownerUnder, type RunAs } from './run-as.js';
import { claim, release, runningPort, takeOver } from './server-claim.js';
import { launch, runInitdb, type ServerProcess } from './server-process.js';

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

export interface EmbeddedPostgres extends ServerProcess {
  /** `postgresql://lab:…@127.0.0.1:PORT/lab`. Holds the password: not for logs. */
  url: string;
  port: number;
}

const USER = 'lab';
const DATABASE = 'lab';
const PORT_ATTEMPTS = 3;

/** For small machines: some 20 MB when idle. */
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
    await ensureDatabase(`postgresql://${USER}:${password}@${address}/postgres`).catch(
      async (error: unknown) => {
        await running.stop();
        throw error;
      },
    );
    return { ...running, url: `postgresql://${USER}:${password}@${address}/${DATABASE}` };
  } catch (error) {
    release(folder);
    throw error;
  }
}

/**
 * The URL of the server that some program runs on the folder, if one does: for what must not wait until that program ends. Holds the
 * password.
 */
export async function runningEmbeddedPostgres(dataDir: string): Promise<string | undefined> {
  const folder = dataFolder(dataDir);
  const port = runningPort(folder);
  if (port === undefined) return undefined;
  const password = await ensurePassword(folder, true);
  return `postgresql://${USER}:${password}@127.0.0.1:${String(port)}/${DATABASE}`;
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
      onPlainPath(binaries, (found) =>
        runInitdb(found, runAs, [
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
      ),
    );
  }
  await handOver(folder, owner);
  return password;
}

async function launchOnSomePort(
  folder: DataFolder,
  binaries: PostgresBinaries,
  runAs: RunAs,
  options: EmbeddedPostgresOptions,
): Promise<ServerProcess & { port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort());
    try {
      const settings = { ...SETTINGS, ...options.settings };
      const server = await launch({
        folder,
        binaries,
        runAs,
        port,
        settings,
        outlive: options.outlive ?? false,
      });
      return { ...server, port };
    } catch (error) {
      const taken = error instanceof LabError && error.details['port'] === port;
      if (!taken || options.port !== undefined || attempt === PORT_ATTEMPTS) throw error;
    }
  }
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
