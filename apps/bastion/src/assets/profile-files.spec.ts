import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadConfig, type BastionSettings } from '../config.js';
import { profileList } from './profile-list.js';

describe('what a profile lacks', () => {
  let folder: string;
  let config: BastionSettings;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lab-missing-'));
    config = loadConfig({ BASTION_DIR: folder });
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const put = async (path: string, text = ''): Promise<void> => {
    const file = join(folder, 'assets/almalinux-10', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  };
  const missing = async () =>
    (await profileList(config)).profiles.find(({ name }) => name === 'almalinux-10')?.missing;
  const treeinfo = (variants: Record<string, string>): string =>
    [
      '[release]\nname = AlmaLinux\nversion = 10.1',
      `[tree]\narch = x86_64\nvariants = ${Object.keys(variants).join(',')}`,
      '[stage2]\nmainimage = images/other.img',
      ...Object.entries(variants).map(([id, place]) => `[variant-${id}]\nrepository = ${place}`),
    ].join('\n');

  it('is what boots, the second stage, and every repository that .treeinfo leads to', async () => {
    const boots = ['images/pxeboot/initrd.img', 'images/pxeboot/vmlinuz'];
    expect(await missing()).toEqual(['images/install.img', ...boots, 'repodata/repomd.xml']);
    await put('.treeinfo', treeinfo({ BaseOS: 'BaseOS', AppStream: 'AppStream' }));
    const repositories = ['AppStream/repodata/repomd.xml', 'BaseOS/repodata/repomd.xml'];
    expect(await missing()).toEqual([...repositories, 'images/other.img', ...boots]);
    for (const path of [...boots, ...repositories, 'images/other.img']) await put(path);
    expect(await missing()).toEqual([]);
  });

  it('is also what lies behind a link that leads out: a machine wouldn’t get it', async () => {
    const names = ['images/install.img', 'images/pxeboot/initrd.img', 'repodata/repomd.xml'];
    for (const path of names) await put(path);
    const outside = join(folder, 'vmlinuz');
    await writeFile(outside, 'kernel');
    await symlink(outside, join(folder, 'assets/almalinux-10/images/pxeboot/vmlinuz'));
    expect(await missing()).toEqual(['images/pxeboot/vmlinuz']);
  });

  it('is not asked of a .treeinfo that is none, or too large', async () => {
    for (const text of ['<html></html>', `[tree]\n${'x = y\n'.repeat(400_000)}`]) {
      await put('.treeinfo', text);
      expect(await missing()).toContain('repodata/repomd.xml');
    }
  });
});
