import { mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { AS_ORDINARY_USER, embeddedScene, isRoot, remember, remembered } from '../../test/embedded-scene.js';
import { query } from '../../test/temporary-postgres.js';
import { findProcess, waitForEnd } from './process-identity.js';

/** Ends a process that isn't our child, and waits until it is gone. */
async function kill(pid: number, signal: NodeJS.Signals): Promise<void> {
  const running = findProcess(pid);
  if (running === undefined) throw new Error(`no process ${pid}`);
  process.kill(pid, signal);
  expect(await waitForEnd(running, 120_000)).toBe(true);
}

describe('startEmbeddedPostgres', () => {
  const scene = embeddedScene();

  it('makes a database on the first start and finds it again on the second', async () => {
    const first = await scene.start();
    await remember(first.url);
    await first.stop();
    const second = await scene.start();
    expect(await remembered(second.url)).toEqual([{ id: 1 }]);
  });

  it('is PostgreSQL 18 in UTF-8, sorting by code point, on the loopback interface only', async () => {
    const { url, port } = await scene.start();
    expect(
      await query(
        url,
        `SELECT current_setting('server_version_num')::int / 10000 AS major, current_setting('server_encoding') AS encoding,
                current_setting('listen_addresses') AS addresses, 'a' > 'B' AS by_code_point`,
      ),
    ).toEqual([{ major: 18, encoding: 'UTF8', addresses: '127.0.0.1', by_code_point: true }]);
    expect(port).toBeGreaterThan(1023);
  });

  it('asks for the password, which only its user can read', async () => {
    scene.copyDatabase();
    const { url, port } = await scene.start();
    const password = join(scene.dataDir, 'password');
    expect((await stat(password)).mode & 0o777).toBe(0o600);
    expect(url).toContain(await readFile(password, 'utf8'));
    await expect(query(`postgresql://lab:wrong@127.0.0.1:${port}/lab`, 'SELECT 1')).rejects.toMatchObject({
      code: '28P01',
    });
  });

  it('keeps its data from other users, and does not run as root', async () => {
    const { pid } = await scene.start();
    expect((await stat(join(scene.dataDir, 'data'))).mode & 0o077).toBe(0);
    const [, uid] = /^Uid:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
    expect(Number(uid)).toBeGreaterThan(0);
  });

  it('runs apart from our process group, so that Ctrl-C in a terminal reaches us first', async () => {
    scene.copyDatabase();
    const { pid } = await scene.start();
    const line = await readFile(`/proc/${pid}/stat`, 'utf8');
    const group = Number(line.slice(line.lastIndexOf(')') + 2).split(' ')[2]);
    expect(group).toBe(pid);
  });

  it('stops fast, may be stopped twice, and leaves no process', async () => {
    scene.copyDatabase();
    const { pid, stop, exited } = await scene.start();
    await Promise.all([stop(), stop()]);
    await exited;
    expect(findProcess(pid)).toBeUndefined();
  });

  it('tells when the server ended by itself, and recovers what was committed', async () => {
    scene.copyDatabase();
    const first = await scene.start();
    await remember(first.url);
    process.kill(first.pid, 'SIGKILL');
    await first.exited;
    const second = await scene.start();
    expect(await remembered(second.url)).toEqual([{ id: 1 }]);
  });

  it('ends with a program that exits without stopping it', async () => {
    const { outcome, end } = await scene.startProgram();
    const server = findProcess('pid' in outcome ? outcome.pid : 0);
    if (server === undefined) throw new Error('no server');
    await end('SIGHUP');
    expect(await waitForEnd(server, 120_000)).toBe(true);
  });

  it('works for an ordinary user', async () => {
    const wrapper = isRoot ? AS_ORDINARY_USER : [];
    const { outcome } = await scene.startProgram(wrapper);
    await expect(query(outcome.url ?? '', 'SELECT 1')).resolves.toHaveLength(1);
  });

  describe('when the folder is in use', () => {
    beforeEach(scene.copyDatabase);

    it('refuses a second start from the same program', async () => {
      const server = await scene.start();
      await expect(scene.start()).rejects.toMatchObject({
        code: 'environment',
        message: `the data folder ${scene.dataDir} is in use by process ${process.pid}`,
        hint: expect.stringContaining('LAB_HOME'),
      });
      await expect(query(server.url, 'SELECT 1')).resolves.toHaveLength(1);
    });

    it('refuses a start while another program runs it, which notices nothing', async () => {
      const { outcome } = await scene.startProgram();
      await expect(scene.start()).rejects.toMatchObject({
        code: 'environment',
        message: expect.stringContaining('in use'),
      });
      await expect(query(outcome.url ?? '', 'SELECT 1')).resolves.toHaveLength(1);
    });

    it('refuses a server that was not started by us', async () => {
      const server = await scene.start();
      await rm(join(scene.dataDir, 'owner.json'));
      await expect(scene.start()).rejects.toMatchObject({
        message: expect.stringContaining(`by process ${server.pid}`),
      });
    });
  });

  describe('after a kill', () => {
    beforeEach(scene.copyDatabase);

    it('takes over from a program that was killed: stops its server, keeps what was committed', async () => {
      const program = await scene.startProgram();
      const { url = '', pid = 0 } = 'pid' in program.outcome ? program.outcome : {};
      await remember(url);
      await program.end('SIGKILL');
      expect(findProcess(pid)).toBeDefined();
      const server = await scene.start();
      expect(findProcess(pid)).toBeUndefined();
      expect(await remembered(server.url)).toEqual([{ id: 1 }]);
    });

    it('starts when program and server were killed', async () => {
      const program = await scene.startProgram();
      const { url = '', pid = 0 } = 'pid' in program.outcome ? program.outcome : {};
      await remember(url);
      await program.end('SIGKILL');
      await kill(pid, 'SIGKILL');
      expect(await remembered((await scene.start()).url)).toEqual([{ id: 1 }]);
    });

    it('starts when the PID of the server before is another process by now', async () => {
      const first = await scene.start();
      await remember(first.url);
      const left = await readFile(join(scene.dataDir, 'data', 'postmaster.pid'), 'utf8');
      await first.stop();
      await writeFile(
        join(scene.dataDir, 'data', 'postmaster.pid'),
        left.replace(/^\d+/, String(process.ppid)),
      );
      expect(await remembered((await scene.start()).url)).toEqual([{ id: 1 }]);
    });

    it('starts over when making the database was cut short', async () => {
      await rm(join(scene.dataDir, 'data'), { recursive: true });
      await mkdir(join(scene.dataDir, 'initdb-0123456789ab', 'data', 'base'), { recursive: true });
      await scene.start();
      expect(await readdir(scene.dataDir)).not.toContain('initdb-0123456789ab');
    });
  });
});
