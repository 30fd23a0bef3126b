import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '@lab/domain';
import { AptRoot, newerRelease, type Closure } from './apt-root.js';
import { cacheFolder, operatingSystem } from './cache-folder.js';
import { withFileLock } from './file-lock.js';
import { run } from './run.js';

/** Raise it when the way that trees are unpacked changes, so that old ones are not taken for new. */
const FORMAT = 2;

export interface PackageTreeRequest {
  packages: readonly string[];
  closure: Closure;
  /** From the current stable Debian release where this machine's is older. Only for architecture-independent packages. */
  newestRelease?: boolean;
}

export interface PackageTree {
  /** The unpacked files, laid out as on an installed system with a merged `/usr`. */
  root: string;
  /** The tree's folder: `root/`, `packages.txt` (`name version`, a line each) and `files/NAME` (that package's paths). */
  folder: string;
}

/**
 * Debian or Ubuntu packages, downloaded with the machine's own apt configuration and unpacked (not installed: no
 * maintainer script runs) into the cache folder. Needs no root. A tree that is there costs one `access(2)`.
 * Throws `LabError` (`environment`) on other distributions and when a package can't be had.
 */
export async function packageTree(request: PackageTreeRequest): Promise<PackageTree> {
  const os = await operatingSystem();
  const cache = cacheFolder(os);
  const release = (request.newestRelease === true ? newerRelease(os) : undefined) ?? 'machine';
  const key = createHash('sha256')
    .update(JSON.stringify([FORMAT, request.packages, request.closure, release]))
    .digest('hex');
  const folder = join(cache, 'trees', `${request.packages[0] ?? 'none'}-${key.slice(0, 12)}`);
  const tree = { folder, root: join(folder, 'root') };
  if (await exists(folder)) return tree;
  if (!os.family.includes('debian')) {
    throw new LabError(
      'environment',
      `Packages can be downloaded on Debian and Ubuntu only, and this is ${os.id}.`,
    );
  }
  await withFileLock(join(cache, 'lock'), async () => {
    if (await exists(folder)) return; // another process was quicker
    await mkdir(join(cache, 'trees'), { recursive: true });
    const work = await mkdtemp(join(cache, 'trees', 'unfinished-'));
    try {
      await new AptRoot(join(cache, 'apt', release), release).download(
        request.packages,
        request.closure,
        join(work, 'debs'),
      );
      await unpack(join(work, 'debs'), work);
      await rename(work, folder);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  });
  return tree;
}

/** Folders that are links on a system with a merged `/usr`; made first, so that every package lands in `usr/`. */
const MERGED = ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'];

async function unpack(debs: string, into: string): Promise<void> {
  const root = join(into, 'root');
  for (const name of MERGED) {
    await mkdir(join(root, 'usr', name), { recursive: true });
    await symlink(`usr/${name}`, join(root, name));
  }
  await mkdir(join(into, 'files'));
  const files = (await readdir(debs)).filter((name) => name.endsWith('.deb')).sort();
  for (const file of files) {
    // `dpkg -x` would put a real folder in place of a link; this is debootstrap's way.
    const list = join(into, 'files', file.split('_')[0] ?? file);
    const extract = 'dpkg-deb --fsys-tarfile "$1" | tar -xv --keep-directory-symlink -C "$2" >"$3"';
    await run('sh', ['-c', extract, 'sh', join(debs, file), root, list]);
  }
  await writeFile(join(into, 'packages.txt'), files.map((name) => `${packageOf(name)}\n`).join(''));
  await rm(debs, { recursive: true });
}

/** `libc6_2.36-9+deb12u14_amd64.deb` → `libc6 2.36-9+deb12u14`; apt writes an epoch's colon as `%3a`. */
export function packageOf(debFile: string): string {
  const [name = '', version = ''] = debFile.split('_');
  return `${name} ${decodeURIComponent(version)}`;
}

export async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
