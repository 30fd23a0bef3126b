import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, lstatSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbeddedPostgres } from '@lab/database';
import { underLock } from './lock-file.js';

/** Found from `src` and from `dist` alike: it isn't compiled. */
const KEEPER = fileURLToPath(new URL('../../src/database/postgres-keeper.mjs', import.meta.url));

/** Between one Jest run and the next of a person who tries something. */
const IDLE_MS = 3_000;
/** One that has ended refuses at once; one that is only slow must not be taken for dead: its server would be ended under it. */
const GREETING_TIMEOUT_MS = 60_000;

/** A test server needs no durability: it is gone after the run. */
const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '300',
  autovacuum: 'off',
} as const;

/** A PostgreSQL that all test processes of this user share. */
export interface SharedPostgres {
  /** Superuser's URL of the database `lab`, which stays empty. */
  url: string;
  /** Folder of this server and its lock. */
  root: string;
}

/** Superuser's URL of a server to use instead: another PostgreSQL, or CockroachDB. Whoever starts it ends it. */
export const OTHER_SERVER = 'TEST_DATABASE_SERVER_URL';

let shared: Promise<SharedPostgres> | undefined;

/**
 * The shared server: the one that runs, or a new one. It runs while a process that called this lives, and stops a few
 * seconds after the last has ended, however it ended.
 */
export function sharedPostgres(): Promise<SharedPostgres> {
  return (shared ??= find());
}

/** The lock under which servers and templates are made. */
export const lockPath = (root: string): string => join(root, 'lock');

async function find(): Promise<SharedPostgres> {
  const root = stateFolder();
  const other = process.env[OTHER_SERVER];
  if (other !== undefined && other !== '') return { url: other, root };
  const running = await useCurrent(root);
  if (running !== undefined) return running;
  return underLock(lockPath(root), async () => {
    const faster = await useCurrent(root);
    if (faster !== undefined) return faster;
    await sweep(root);
    return startInstance(root);
  });
}

function stateFolder(): string {
  const user = process.getuid?.() ?? 0;
  // Not in the folder of one run: runs share it.
  const root = join(process.env['LAB_TEST_SHARED_DIR'] ?? tmpdir(), `lab-test-postgres-${String(user)}`);
  // Others may pass (PostgreSQL runs as another user when we are root) but not look.
  mkdirSync(root, { recursive: true, mode: 0o711 });
  if (lstatSync(root).uid !== user) throw new Error(`${root} belongs to another user: remove it`);
  return root;
}

async function useCurrent(root: string): Promise<SharedPostgres | undefined> {
  const [folder, url] = (read(join(root, 'current')) ?? '').split('\n');
  if (folder === undefined || url === undefined) return undefined;
  const lease = await takeLease(folder);
  return lease === undefined ? undefined : { url, root };
}

/** A connection to the keeper of an instance, or undefined if it has none any more. */
async function takeLease(folder: string): Promise<Socket | undefined> {
  const port = Number(read(join(folder, 'keeper')));
  if (!(port > 0)) return undefined;
  const socket = connect(port, '127.0.0.1');
  const greeted = await new Promise<boolean>((resolve) => {
    socket.setTimeout(GREETING_TIMEOUT_MS);
    for (const event of ['error', 'close', 'timeout'] as const) {
      socket.once(event, () => {
        resolve(false);
      });
    }
    socket.once('data', () => {
      resolve(true);
    });
  });
  if (!greeted) {
    socket.destroy();
    return undefined;
  }
  socket.setTimeout(0);
  socket.on('error', () => socket.destroy());
  socket.unref(); // The test process may end while it holds the lease; that is how it ends.
  return socket;
}

async function startInstance(root: string): Promise<SharedPostgres> {
  const folder = join(root, randomBytes(4).toString('hex'));
  mkdirSync(folder, { mode: 0o711 });
  const { url } = await startEmbeddedPostgres({
    dataDir: join(folder, 'postgres'),
    settings: SETTINGS,
    outlive: true,
  });
  await startKeeper(folder);
  const lease = await takeLease(folder);
  if (lease === undefined) throw new Error(`the keeper of ${folder} does not answer`);
  writeFileSync(join(root, 'current.new'), `${folder}\n${url}`, { mode: 0o600 });
  renameSync(join(root, 'current.new'), join(root, 'current'));
  return { url, root };
}

async function startKeeper(folder: string): Promise<void> {
  const child = spawn(process.execPath, [KEEPER, folder, String(IDLE_MS)], {
    cwd: '/',
    detached: true,
    env: {},
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(new Error(`the keeper of ${folder} ended with ${String(code)}`));
    });
    child.stdout.once('data', () => {
      resolve();
    });
  });
  child.removeAllListeners();
  child.stdout.destroy();
  child.unref();
}

/** Removes instances whose keeper was killed. Under the lock: none is being made. */
async function sweep(root: string): Promise<void> {
  const instances = readdirSync(root).filter((name) => /^[0-9a-f]{8}$/.test(name));
  for (const folder of instances.map((name) => join(root, name))) {
    const lease = await takeLease(folder);
    if (lease !== undefined) {
      lease.destroy();
      continue;
    }
    stopOrphan(folder);
    rmSync(folder, { recursive: true, force: true });
  }
}

function stopOrphan(folder: string): void {
  const data = join(folder, 'postgres', 'data');
  const pid = Number(read(join(data, 'postmaster.pid'))?.split('\n')[0]);
  if (!(pid > 0) || !(read(`/proc/${String(pid)}/cmdline`) ?? '').includes(data)) return;
  process.kill(pid, 'SIGQUIT');
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
