import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from '../src/embedded/embedded-postgres.js';
import { runEmbedded, type EmbeddedProgram } from './embedded-program.js';
import { query, temporaryFolder } from './temporary-postgres.js';

/** Root of a user namespace with no other user in it, from an ordinary user as well as from root. */
export const AS_LONELY_ROOT = ['unshare', '--user', '--map-root-user', '--'];

/** Somebody without root's powers, who may enter what root may. */
export const AS_ORDINARY_USER = ['unshare', '--user', '--map-user=65534', '--'];

/** Root of a namespace in which nobody can make another. */
export const WITHOUT_NAMESPACES = [
  ...AS_LONELY_ROOT,
  ...['sh', '-c', 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"', 'sh'],
];

/** Where no file system is mounted on /proc. */
export const WITHOUT_PROC = [
  ...['unshare', '--user', '--map-root-user', '--mount', '--'],
  ...['sh', '-c', 'mount -t tmpfs none /proc && exec "$@"', 'sh'],
];

/** Where `ps` can't be run, if there is one. */
export const WITHOUT_PS = [
  ...['unshare', '--user', '--map-root-user', '--mount', '--', 'sh', '-c'],
  'for ps in /usr/bin/ps /bin/ps; do [ ! -e "$ps" ] || mount --bind /dev/null "$ps" || exit; done; exec "$@"',
  'sh',
];

let namespaces: string | undefined;

/** Says in one line what a test needs and the machine doesn't have, where that is so. */
function requireNamespaces(wrapper: readonly string[]): void {
  if (wrapper[0] !== 'unshare') return;
  namespaces ??= whyNoNamespaces();
  if (namespaces !== '')
    throw new Error(
      `this test needs user namespaces, and the machine gives none (${namespaces}): allow them (sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone, a container's seccomp profile), or install util-linux`,
    );
}

export function whyNoNamespaces(program = 'unshare'): string {
  const { status, error, stderr } = spawnSync(program, ['--user', '--map-root-user', 'true'], {
    encoding: 'utf8',
  });
  return status === 0 ? '' : (error?.message ?? stderr).trim().split('\n').join(' ');
}

export const isRoot = process.getuid?.() === 0;

export const remember = (url = ''): Promise<unknown> =>
  query(url, 'CREATE TABLE kept (id INT4); INSERT INTO kept VALUES (1)');
export const remembered = (url = ''): Promise<unknown> => query(url, 'SELECT id FROM kept');

/** A fresh folder for each test, and whatever was started on it ended afterwards. */
export interface EmbeddedScene {
  folder: string;
  /** A folder in `folder` that isn't there yet. */
  dataDir: string;
  /** Puts a database there, stopped: making one takes half a second. */
  copyDatabase: () => void;
  /** Starts a server from this process. */
  start: (options?: Partial<EmbeddedPostgresOptions>) => Promise<EmbeddedPostgres>;
  /** Starts a server from a program of its own. */
  startProgram: (wrapper?: readonly string[]) => Promise<EmbeddedProgram>;
}

export function embeddedScene(): EmbeddedScene {
  const servers: EmbeddedPostgres[] = [];
  const programs: EmbeddedProgram[] = [];
  let made = '';
  const scene: EmbeddedScene = {
    folder: '',
    dataDir: '',
    copyDatabase: () => void execFileSync('cp', ['-a', join(made, 'postgres'), scene.dataDir]),
    start: async (options = {}) => {
      const server = await startEmbeddedPostgres({
        dataDir: scene.dataDir,
        settings: { fsync: 'off' },
        ...options,
      });
      servers.push(server);
      return server;
    },
    startProgram: async (wrapper = []) => {
      requireNamespaces(wrapper);
      const program = await runEmbedded(scene.dataDir, wrapper);
      programs.push(program);
      return program;
    },
  };

  beforeAll(async () => {
    made = await temporaryFolder();
    const options = { dataDir: join(made, 'postgres'), settings: { fsync: 'off' } };
    await (await startEmbeddedPostgres(options)).stop();
  });
  beforeEach(async () => {
    scene.folder = await temporaryFolder();
    await chmod(scene.folder, 0o711); // Others may pass: then root runs the server as another user.
    scene.dataDir = join(scene.folder, 'postgres');
  });
  afterEach(async () => {
    await Promise.all(programs.splice(0).map((program) => program.end('SIGTERM')));
    await Promise.all(servers.splice(0).map((server) => server.stop()));
    await rm(scene.folder, { recursive: true, force: true });
  });
  afterAll(() => rm(made, { recursive: true, force: true }));
  return scene;
}
