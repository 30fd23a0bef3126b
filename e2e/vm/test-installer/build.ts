import { createHash } from 'node:crypto';
import { access, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheHome, packageTree, programs, run, withFileLock } from '@lab/testing';
import { root } from '../../checkout.js';
import { packagingTools } from './media/packaging-tools.js';

/** How a family lays out its install tree: repositories at the root, or in variants of which only `.treeinfo` knows. */
export type TreeShape = 'fedora' | 'el';

/** Install trees with the test installer in them, as a bastion serves them for a profile. */
export interface TestInstaller extends Readonly<Record<TreeShape, string>> {
  /** A raw disk image on which another system, which says so, can be started. */
  oldDisk: string;
}

/** What the installer and the installed system are made of. */
const PACKAGES = [
  ...[
    'base-files',
    'base-passwd',
    'bash',
    'coreutils',
    'util-linux',
    'util-linux-extra',
    'mount',
    'fdisk',
    'findutils',
    'grep',
    'sed',
    'gawk',
  ],
  ...[
    'tar',
    'gzip',
    'hostname',
    'procps',
    'login',
    'passwd',
    'ncurses-base',
    'bsdutils',
    'tzdata',
    'debianutils',
  ],
  ...[
    'systemd',
    'systemd-sysv',
    'udev',
    'libnss-systemd',
    'kmod',
    'curl',
    'openssh-server',
    'iproute2',
    'ethtool',
    'dmidecode',
  ],
  ...[
    'lvm2',
    'e2fsprogs',
    'xfsprogs',
    'dosfstools',
    'efibootmgr',
    'cpio',
    'busybox-static',
    'linux-image-cloud-amd64',
    'grub-pc-bin',
    'grub2-common',
  ],
];

/** The boot loaders of a real system, signed: shim, its fallback, GRUB. They need nothing of the packages above. */
const LOADERS = ['shim-signed', 'shim-helpers-amd64-signed', 'grub-efi-amd64-signed'];

/**
 * Builds the test installer, or answers the one that was built from the same inputs before (10 ms). The first build
 * downloads about 70 MB of packages and takes half a minute.
 */
export async function buildTestInstaller(): Promise<TestInstaller> {
  const here = join(root, 'e2e/vm/test-installer');
  const tree = await packageTree({ packages: PACKAGES, closure: 'all' });
  const tools = await packagingTools();
  const loaders = await packageTree({ packages: LOADERS, closure: 'none' });
  const key = await inputsHash(here, [tree.folder, tools.folder, loaders.folder]);
  const cache = join(cacheHome(), 'lab-programs', 'test-installer');
  const folder = join(cache, key);
  if (!(await isThere(folder))) {
    await withFileLock(join(cache, 'lock'), async () => {
      if (await isThere(folder)) return;
      const work = await mkdtemp(join(cache, 'unfinished-'));
      try {
        const { mmd, mcopy } = await programs(['mmd', 'mcopy']);
        await run('bash', [join(here, 'build.sh'), tree.folder, tools.folder, loaders.folder, work], {
          environment: { MMD: mmd, MCOPY: mcopy },
        });
        await removeOld(cache);
        await rename(work, folder);
      } finally {
        await rm(work, { recursive: true, force: true });
      }
    });
  }
  return { fedora: join(folder, 'fedora'), el: join(folder, 'el'), oldDisk: join(folder, 'old-disk.img') };
}

/** Everything that the result depends on: the scripts and lists of this folder, and the packages' versions. */
async function inputsHash(here: string, trees: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  const names = await readdir(here, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile() && !/\.(ts|md|yaml)$/.test(entry.name));
  for (const path of files.map((entry) => join(entry.parentPath, entry.name)).sort()) {
    hash.update(`${path.slice(here.length)}\0`).update(await readFile(path));
  }
  for (const tree of trees) hash.update(await readFile(join(tree, 'packages.txt')));
  return hash.digest('hex').slice(0, 16);
}

/** Each build is 250 MB; the last ones stay for a test that runs from them. */
async function removeOld(cache: string): Promise<void> {
  const names = (await readdir(cache)).filter((name) => /^[0-9a-f]{16}$/.test(name));
  const builds = await Promise.all(
    names.map(async (name) => ({ name, builtAt: (await stat(join(cache, name))).mtimeMs })),
  );
  const old = builds.sort((one, other) => other.builtAt - one.builtAt).slice(3);
  for (const { name } of old) await rm(join(cache, name), { recursive: true, force: true });
}

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
