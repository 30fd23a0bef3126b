import { spawn, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { programs } from '../programs/programs.js';

/** A PostgreSQL server that isn't ours. */
export interface OtherServer {
  /** Superuser's URL. */
  url: string;
  /** `15.18` */
  version: string;
  stop: () => Promise<void>;
}

/** PostgreSQL refuses to be root. */
const NOBODY = 65_534;
const START_WITHIN_MS = 120_000;

/** Debian's PostgreSQL 15 on a free port and a folder of its own: what an operator has who installs one. */
export async function debianPostgres(): Promise<OtherServer> {
  const { 'initdb-15': initdb, 'postgres-15': postgres } = await programs(['initdb-15', 'postgres-15']);
  const folder = mkdtempSync(join(tmpdir(), 'lab-postgres-15-'));
  const isRoot = process.getuid?.() === 0;
  const ids = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
  if (isRoot) chownSync(folder, NOBODY, NOBODY);
  const data = join(folder, 'data');
  execFileSync(
    initdb,
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    { ...ids, cwd: folder, stdio: 'pipe' },
  );
  const port = await freePort();
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'fsync=off',
    'max_connections=200',
  ];
  const child = spawn(
    postgres,
    ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    { ...ids, cwd: folder, stdio: 'ignore' },
  );
  const exited = once(child, 'exit');
  const stop = async (): Promise<void> => {
    if (child.exitCode === null) child.kill('SIGINT');
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `postgresql://postgres@127.0.0.1:${String(port)}/postgres`;
  try {
    return { url, version: await versionOnceReady(url), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function versionOnceReady(url: string): Promise<string> {
  const deadline = performance.now() + START_WITHIN_MS;
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
      return rows[0]?.server_version.split(' ')[0] ?? '';
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
