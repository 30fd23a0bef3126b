import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { withFileLock } from './file-lock.js';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-spec-'));
  path = join(folder, 'lock');
});

afterEach(() => rmSync(folder, { recursive: true }));

const holder = (changes: object) =>
  JSON.stringify({ pid: process.pid, host: hostname(), nonce: 'other', since: Date.now(), ...changes });

describe('a file lock', () => {
  it('lets one work at a time', async () => {
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside--;
    };
    await Promise.all(Array.from({ length: 12 }, () => withFileLock(path, work)));
    expect(most).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is given back when the work fails', async () => {
    await expect(withFileLock(path, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(existsSync(path)).toBe(false);
  });

  it('is taken over by only one of many when its holder is gone', async () => {
    writeFileSync(path, holder({ pid: 999_999_999 }));
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside--;
    };
    await Promise.all(Array.from({ length: 12 }, () => withFileLock(path, work)));
    expect(most).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is taken over when it is older than any work', async () => {
    writeFileSync(path, holder({ since: Date.now() - 121_000 }));
    expect(await withFileLock(path, () => Promise.resolve('done'))).toBe('done');
  });

  it('is taken over although a process was killed while it did just that', async () => {
    writeFileSync(path, holder({ pid: 999_999_999 }));
    writeFileSync(`${path}.takeover`, '');
    utimesSync(`${path}.takeover`, 0, 0);
    expect(await withFileLock(path, () => Promise.resolve('done'))).toBe('done');
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    ['a living process', {}],
    ['a process of another machine', { host: 'elsewhere', pid: 999_999_999 }],
  ])('of %s is respected, and after a while it says who holds it', async (_who, changes) => {
    writeFileSync(path, holder(changes));
    await expect(withFileLock(path, () => Promise.resolve(), 100)).rejects.toThrow(
      /another labctl \(process \d+\) holds/,
    );
    expect(existsSync(path)).toBe(true);
  });
});
