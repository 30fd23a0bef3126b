import { existsSync } from 'node:fs';
import { chmod, chown, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  AS_LONELY_ROOT,
  AS_ORDINARY_USER,
  WITHOUT_NAMESPACES,
  WITHOUT_PROC,
  WITHOUT_PS,
  embeddedScene,
  isRoot,
  remember,
  remembered,
  whyNoNamespaces,
} from '../../test/embedded-scene.js';
import { onPlainPath } from './plain-path.js';
import { locatePostgres } from './postgres-binaries.js';
import { runInitdb } from './server-process.js';
import { query } from '../../test/temporary-postgres.js';

describe('startEmbeddedPostgres', () => {
  const scene = embeddedScene();

  describe('says what is wrong with', () => {
    it('a folder that cannot be made', async () => {
      await writeFile(join(scene.folder, 'file'), '');
      scene.dataDir = join(scene.folder, 'file', 'postgres');
      await expect(scene.start()).rejects.toMatchObject({
        code: 'environment',
        message: expect.stringContaining(`${scene.dataDir} can't be written to`),
        hint: expect.stringContaining('LAB_HOME'),
      });
    });

    it('a folder that we may not write to', async () => {
      await mkdir(scene.dataDir);
      await chmod(scene.dataDir, 0o555);
      // Root may write anywhere: lose its powers for this.
      const wrapper = isRoot ? AS_ORDINARY_USER : [];
      const { outcome } = await scene.startProgram(wrapper);
      expect(outcome).toMatchObject({
        code: 'environment',
        message: expect.stringContaining("can't be written to"),
      });
    });

    it('a folder with other files', async () => {
      await mkdir(join(scene.dataDir, 'data'), { recursive: true });
      await writeFile(join(scene.dataDir, 'data', 'holiday.jpg'), '');
      await expect(scene.start()).rejects.toMatchObject({
        message: expect.stringContaining('holds other files'),
      });
    });

    it('a database of another version', async () => {
      scene.copyDatabase();
      await (await scene.start()).stop();
      await writeFile(join(scene.dataDir, 'data', 'PG_VERSION'), '15\n');
      await expect(scene.start()).rejects.toMatchObject({
        message: expect.stringContaining('of PostgreSQL 15'),
      });
    });

    it('a password that is gone', async () => {
      scene.copyDatabase();
      await (await scene.start()).stop();
      await rm(join(scene.dataDir, 'password'));
      await expect(scene.start()).rejects.toMatchObject({ message: expect.stringContaining('password') });
    });

    it('a port in use, and starts on another', async () => {
      scene.copyDatabase();
      const other = createServer();
      const port = await new Promise<number>((resolve, reject) => {
        other.listen(0, '127.0.0.1', () => {
          const address = other.address();
          if (address !== null && typeof address === 'object') resolve(address.port);
          else reject(new Error('no port'));
        });
      });
      try {
        await expect(scene.start({ port })).rejects.toMatchObject({
          code: 'environment',
          message: `port ${port} on 127.0.0.1 is in use`,
        });
        await expect(scene.start()).resolves.toBeDefined();
      } finally {
        await new Promise((resolve) => other.close(resolve));
      }
    });

    it('a setting that PostgreSQL does not know', async () => {
      scene.copyDatabase();
      await expect(scene.start({ settings: { no_such_setting: '1' } })).rejects.toMatchObject({
        code: 'environment',
        message: expect.stringContaining('no_such_setting'),
      });
    });
  });

  describe('as root', () => {
    it('works where no other user may enter, and again on the same folder', async () => {
      await chmod(scene.folder, 0o700);
      const first = await scene.startProgram();
      expect(first.outcome).toMatchObject({ url: expect.any(String) });
      await remember(first.outcome.url ?? '');
      await first.end('SIGTERM');
      const second = await scene.startProgram();
      expect(await remembered(second.outcome.url ?? '')).toEqual([{ id: 1 }]);
    });

    it('works in a user namespace with no other user', async () => {
      const { outcome } = await scene.startProgram(AS_LONELY_ROOT);
      expect(outcome).toMatchObject({ url: expect.any(String) });
      await expect(query(outcome.url ?? '', 'SELECT 1')).resolves.toHaveLength(1);
    });

    it('says what to do where there is no way to be somebody else', async () => {
      await chmod(scene.folder, 0o700);
      const root = isRoot ? [] : AS_LONELY_ROOT;
      const { outcome } = await scene.startProgram([...root, '/usr/bin/env', 'PATH=/nonexistent']);
      expect(outcome).toMatchObject({
        code: 'environment',
        message: expect.stringContaining("can't run as root"),
        hint: expect.stringContaining('LAB_HOME'),
      });
    });

    it('says so where the only way would be a user namespace, and there are none', async () => {
      const { outcome } = await scene.startProgram(WITHOUT_NAMESPACES);
      expect(outcome).toMatchObject({
        code: 'environment',
        message: expect.stringMatching(/there are no user namespaces here \(unshare: .+\)$/),
        hint: expect.stringContaining('DATABASE_URL'),
      });
    });

    it('keeps the data when the way of running changes', async () => {
      const first = await scene.startProgram();
      await remember(first.outcome.url ?? '');
      await first.end('SIGTERM');
      await chmod(scene.folder, 0o700);
      const closed = await scene.startProgram();
      expect(await remembered(closed.outcome.url ?? '')).toEqual([{ id: 1 }]);
      await closed.end('SIGTERM');
      await chmod(scene.folder, 0o711);
      const opened = await scene.startProgram();
      expect(await remembered(opened.outcome.url ?? '')).toEqual([{ id: 1 }]);
    });
  });

  describe('works in folders with any name', () => {
    const NAMES = [`it's "my" lab`, '100% ü #1?', 'a $HOME `id` \\ b', 'x=1 -c log_connections=on'];

    it.each(NAMES)('of the data: %s', async (name) => {
      scene.dataDir = join(scene.folder, name, 'postgres');
      await mkdir(join(scene.folder, name), { mode: 0o711 });
      const first = await scene.start();
      await remember(first.url);
      await first.stop();
      expect(await remembered((await scene.start()).url)).toEqual([{ id: 1 }]);
    });

    it.each(NAMES)('of the programs: %s', async (name) => {
      const native = dirname(dirname(locatePostgres().initdb));
      await mkdir(join(scene.folder, name));
      await cp(native, join(scene.folder, name), { recursive: true, verbatimSymlinks: true });
      const initdb = join(scene.folder, name, 'bin/initdb');
      const work = join(scene.folder, 'made');
      const runAs = isRoot ? { kind: 'user' as const, uid: 65_534, gid: 65_534 } : { kind: 'self' as const };
      await mkdir(work);
      if (isRoot) await chown(work, 65_534, 65_534);
      const binaries = { ...locatePostgres(), initdb };
      await onPlainPath(binaries, (found) =>
        runInitdb(found, runAs, ['-D', join(work, 'data'), '--no-sync']),
      );
      expect(existsSync(join(work, 'data/PG_VERSION'))).toBe(true);
    });

    it('but says so where there is no folder that initdb can be run from', async () => {
      const binaries = { ...locatePostgres(), initdb: '/my "lab"/bin/initdb' };
      await expect(onPlainPath(binaries, () => Promise.resolve(), '/tmp/$x')).rejects.toMatchObject({
        code: 'environment',
        hint: expect.stringContaining('TMPDIR'),
      });
    });
  });

  describe('tells a process from its successor', () => {
    it('without ps', async () => {
      const first = await scene.startProgram(WITHOUT_PS);
      await remember(first.outcome.url ?? '');
      expect((await scene.startProgram(WITHOUT_PS)).outcome).toMatchObject({
        code: 'environment',
        message: expect.stringContaining('in use by process'),
      });
      await first.end('SIGKILL');
      const next = await scene.startProgram(WITHOUT_PS);
      expect(await remembered(next.outcome.url ?? '')).toEqual([{ id: 1 }]);
    });

    it('never by guessing: without /proc it says what is missing, and leaves the folder alone', async () => {
      const first = await scene.startProgram();
      await remember(first.outcome.url ?? '');
      expect((await scene.startProgram(WITHOUT_PROC)).outcome).toMatchObject({
        code: 'environment',
        message: expect.stringContaining('/proc is not mounted'),
        hint: expect.stringContaining('Mount it'),
      });
      expect(await remembered(first.outcome.url ?? '')).toEqual([{ id: 1 }]);
      expect(existsSync(join(scene.dataDir, 'data/postmaster.pid'))).toBe(true);
    });
  });

  it('(its specs say in one line when there are no user namespaces)', () => {
    expect(whyNoNamespaces('/no/unshare')).toContain('ENOENT');
  });
});
