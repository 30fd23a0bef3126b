import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { underLock } from './lock-file.js';

describe('underLock', () => {
  let folder: string;
  let lock: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lab-lock-spec-'));
    lock = join(folder, 'lock');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('lets one in at a time, and each in the end', async () => {
    let inside = 0;
    const most: number[] = [];
    const work = async (): Promise<void> => {
      inside += 1;
      most.push(inside);
      await new Promise(setImmediate);
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 5 }, () => underLock(lock, work)));
    expect(most).toEqual([1, 1, 1, 1, 1]);
  });

  it('is free again after work that failed', async () => {
    await expect(underLock(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await underLock(lock, () => Promise.resolve('in'))).toBe('in');
    expect(existsSync(lock)).toBe(false);
  });

  it('takes the lock of a holder that was killed', async () => {
    const holder = spawn('sleep', ['60'], { stdio: 'ignore' });
    await once(holder, 'spawn');
    await writeFile(lock, String(holder.pid));
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    expect(await underLock(lock, () => Promise.resolve('in'))).toBe('in');
  });
});
