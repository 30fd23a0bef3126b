import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const REAPER = fileURLToPath(new URL('run-reaper.mjs', import.meta.url));

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await wait(25);
};

/** A zombie has ended, whenever its parent looks. */
const hasEnded = (pid: number): boolean => {
  try {
    return /^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return true;
  }
};

describe('a test run', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'killed-run-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** Jest on the fixtures, at the moment when they have started everything. */
  async function runFixtures(env: Record<string, string>) {
    const report = join(folder, 'report');
    const config = join(ROOT, 'libs/testing/test/killed-run/jest.config.mjs');
    const jest = spawn(process.execPath, [join(ROOT, 'node_modules/jest/bin/jest.js'), '--config', config], {
      cwd: ROOT,
      env: { ...process.env, ...env, KILLED_RUN_REPORT: report },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const said = text(jest.stderr);
    const exit = once(jest, 'exit');
    let ended = false;
    void exit.then(() => (ended = true));
    await until(() => existsSync(report) || ended);
    if (!existsSync(report)) throw new Error(await said);
    const { pids, folder: left } = JSON.parse(readFileSync(report, 'utf8')) as {
      pids: number[];
      folder: string;
    };
    expect(pids).toHaveLength(4);
    return { jest, said, exit, pids, left };
  }

  it('that is killed leaves no process and no file behind', async () => {
    const { jest, exit, pids, left } = await runFixtures({});
    expect(pids.filter(hasEnded)).toEqual([]);
    jest.kill('SIGKILL');
    await exit;
    await until(() => pids.every(hasEnded) && !existsSync(join(left, '..')));
  });

  it('that ends says what its tests have left behind, and ends it', async () => {
    const { said, exit, pids, left } = await runFixtures({ KILLED_RUN_ENDS: 'yes' });
    await exit;
    expect(await said).toMatch(
      /Left behind by tests, and ended now:\n {2}\d+ bash -c trap '' HUP TERM; while/,
    );
    expect(pids.filter((pid) => !hasEnded(pid))).toEqual([]);
    expect(existsSync(join(left, '..'))).toBe(false);
  });

  it('ends nothing of another run, and nothing of nobody’s', async () => {
    const own = mkdtempSync(join(folder, 'lab-test-'));
    const started = (mark?: string) =>
      spawn('sleep', ['600'], { stdio: 'ignore', env: { PATH: process.env['PATH'], LAB_TEST_RUN: mark } });
    const [ours, other, nobodys] = [started('a'.repeat(16)), started('b'.repeat(16)), started()];
    const reaper = spawn(process.execPath, [REAPER, 'a'.repeat(16), own], { env: {}, stdio: 'pipe' });
    try {
      const exit = once(ours, 'exit');
      reaper.stdin.end();
      expect(await exit).toEqual([null, 'SIGKILL']);
      await once(reaper, 'close');
      expect([other.exitCode, other.signalCode, nobodys.exitCode, nobodys.signalCode]).toEqual(
        Array(4).fill(null),
      );
      expect(existsSync(own)).toBe(false);
    } finally {
      other.kill();
      nobodys.kill();
    }
  });
});
