import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@lab/database';

const KEEPER = fileURLToPath(new URL('postgres-keeper.mjs', import.meta.url));
const IDLE_MS = 150;

describe('the keeper of a shared PostgreSQL', () => {
  let folder: string;
  let server: EmbeddedPostgres;
  let keeper: ChildProcess;
  let port: number;

  const use = async (): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'data');
    return socket;
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lab-keeper-spec-'));
    server = await startEmbeddedPostgres({
      dataDir: join(folder, 'postgres'),
      settings: { fsync: 'off' },
      outlive: true,
    });
    keeper = spawn(process.execPath, [KEEPER, folder, String(IDLE_MS)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (keeper.stdout === null) throw new Error('no pipe');
    const [line] = await once(keeper.stdout, 'data');
    port = Number(String(line));
  });
  afterEach(async () => {
    if (keeper.exitCode === null) keeper.kill();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('keeps it while one of several users is left, and ends it, folder and all, after the last', async () => {
    const [first, second] = [await use(), await use()];
    first.destroy();
    await expect(use().then((third) => third.destroy())).resolves.toBeDefined();
    expect(keeper.exitCode).toBeNull();
    second.destroy();
    await server.exited;
    await once(keeper, 'exit');
    expect(existsSync(folder)).toBe(false);
  });

  it('ends it after a user who was killed', async () => {
    const code = `require('node:net').connect(${port}, '127.0.0.1').on('data', () => console.log('mine'))`;
    const user = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(user.stdout, 'data');
    user.kill('SIGKILL');
    await server.exited;
    await once(keeper, 'exit');
    expect(existsSync(folder)).toBe(false);
  });
});
