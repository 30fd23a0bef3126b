import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newerRelease } from './apt-root.js';
import { cacheFolder, parseOsRelease } from './cache-folder.js';
import { CATALOG } from './catalog.js';
import { withFileLock } from './file-lock.js';
import { packageOf } from './package-tree.js';
import { installCommand, programs } from './programs.js';
import { inspectTree, wrapperScript } from './wrapper.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'programs-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('what system this is', () => {
  it('is read from os-release, quoted or not', () => {
    const text =
      'PRETTY_NAME="Ubuntu 24.04.1 LTS"\nID=ubuntu\nVERSION_ID="24.04"\nVERSION_CODENAME=noble\nID_LIKE=debian\n';
    expect(parseOsRelease(text)).toEqual({
      id: 'ubuntu',
      version: '24.04',
      codename: 'noble',
      family: ['ubuntu', 'debian'],
    });
  });

  it('is unknown where there is no os-release', () => {
    expect(parseOsRelease('')).toMatchObject({ id: 'unknown', family: ['unknown'] });
  });

  it('gives each release a cache of its own', () => {
    const debian = (version: string) =>
      cacheFolder({ id: 'debian', version, codename: '', family: ['debian'] });
    expect(debian('12')).not.toBe(debian('13'));
  });

  it('takes newer firmware only on an older Debian', () => {
    expect(newerRelease({ id: 'debian', codename: 'bookworm' })).toBe('trixie');
    expect(newerRelease({ id: 'debian', codename: 'trixie' })).toBeUndefined();
    expect(newerRelease({ id: 'ubuntu', codename: 'noble' })).toBeUndefined();
  });
});

describe('a program that is installed', () => {
  it('is taken from PATH', async () => {
    const bin = join(folder, 'bin');
    await mkdir(bin);
    await writeFile(join(bin, 'nft'), '#!/bin/sh\n');
    await chmod(join(bin, 'nft'), 0o755);
    const before = process.env['PATH'];
    process.env['PATH'] = `${bin}:${before ?? ''}`;
    try {
      expect(await programs(['nft'])).toEqual({ nft: join(bin, 'nft') });
    } finally {
      process.env['PATH'] = before;
    }
  });
});

describe('a program that is missing', () => {
  it.each([
    [['debian'], 'Run: sudo apt-get install -y dnsmasq-base mtools'],
    [['rocky', 'rhel', 'fedora'], 'Run: sudo dnf install -y dnsmasq mtools'],
    [['arch'], "Install dnsmasq, mcopy, mmd with your system's package manager and put them on PATH."],
  ])('is named with the command that installs it on %j', (family, hint) => {
    expect(installCommand(['dnsmasq', 'mcopy', 'mmd'], { family })).toBe(hint);
  });

  it('has at least one package in the catalog', () => {
    for (const entry of Object.values(CATALOG)) expect(entry.packages.length).toBeGreaterThan(0);
  });
});

describe('a program that was unpacked', () => {
  it('runs through a wrapper with its own libraries, its arguments and its exit code', async () => {
    const root = join(folder, "it's here/root");
    await mkdir(join(root, 'usr/lib/x86_64-linux-gnu'), { recursive: true });
    await writeFile(join(root, 'tool'), '#!/bin/sh\necho "$LD_LIBRARY_PATH|$MODE|$*"\nexit 7\n');
    await chmod(join(root, 'tool'), 0o755);
    const entry = {
      kind: 'program' as const,
      packages: ['tool'],
      paths: ['/tool'],
      unpacked: () => ({ environment: { MODE: 'a b' }, args: ['-L', 'x y'] }),
    };
    const script = join(folder, 'wrapper');
    await writeFile(script, wrapperScript(entry, join(root, 'tool'), await inspectTree(root)));
    const result = spawnSync('sh', [script, 'one two'], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] },
    });
    expect(result.stdout.trim()).toBe(`${root}/usr/lib/x86_64-linux-gnu:${root}/usr/lib|a b|-L x y one two`);
    expect(result.status).toBe(7);
  });

  it('is known by the name and version in its file name', () => {
    expect(packageOf('qemu-utils_1%3a7.2+dfsg-7_amd64.deb')).toBe('qemu-utils 1:7.2+dfsg-7');
  });
});

describe('the cache lock', () => {
  it('lets one in after the other', async () => {
    const order: string[] = [];
    const hold = (name: string) =>
      withFileLock(join(folder, 'lock'), async () => {
        order.push(`${name} in`);
        await Promise.resolve();
        order.push(`${name} out`);
      });
    await Promise.all([hold('one'), hold('two')]);
    expect(order[0]?.split(' ')[0]).toBe(order[1]?.split(' ')[0]);
    expect(order).toHaveLength(4);
  });

  it('is free again after its work has failed', async () => {
    const lock = join(folder, 'lock');
    await expect(withFileLock(lock, () => Promise.reject(new Error('disk full')))).rejects.toThrow(
      'disk full',
    );
    await expect(withFileLock(lock, () => Promise.resolve('free'))).resolves.toBe('free');
  });
});
