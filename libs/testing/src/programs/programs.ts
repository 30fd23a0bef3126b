import { access, chmod, constants, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { LabError } from '@lab/domain';
import { newerRelease } from './apt-root.js';
import { operatingSystem, type OperatingSystem } from './cache-folder.js';
import { CATALOG, type CatalogEntry, type ProgramName } from './catalog.js';
import { exists, packageTree } from './package-tree.js';
import { inspectTree, wrapperScript } from './wrapper.js';

/** Programs that only root's PATH holds are run by tests too. */
const ADMIN_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/local/bin', '/usr/bin', '/bin'];

/**
 * Finds what tests need, each as an absolute path that can be spawned (or, for firmware and the like, read).
 * First what is installed; else, on Debian and Ubuntu, what is downloaded into the cache folder, without root;
 * else a `LabError` (`environment`) that names the command which installs all that is missing.
 *
 * @example const { dnsmasq, shellcheck } = await programs(['dnsmasq', 'shellcheck']);
 */
export async function programs<const Name extends ProgramName>(
  names: readonly Name[],
): Promise<Record<Name, string>> {
  const os = await operatingSystem();
  const found: Partial<Record<Name, string>> = {};
  const missing: { name: Name; reason: string }[] = [];
  for (const name of new Set(names)) {
    try {
      found[name] = await find(name, os);
    } catch (error) {
      missing.push({ name, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  if (missing.length > 0) throw missingPrograms(missing, os);
  return found as Record<Name, string>;
}

async function find(name: ProgramName, os: OperatingSystem): Promise<string> {
  const entry: CatalogEntry = CATALOG[name];
  if (entry.preferNewestRelease === true && newerRelease(os) !== undefined) {
    const newest = await fromPackages(name, entry, true).catch(() => undefined);
    if (newest !== undefined) return newest;
  }
  return (await installed(name, entry)) ?? (await fromPackages(name, entry, false));
}

async function installed(name: string, entry: CatalogEntry): Promise<string | undefined> {
  if (entry.kind === 'file') return await firstExisting([...entry.paths, ...(entry.elsewhere ?? [])]);
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder.startsWith('/')),
    ...ADMIN_FOLDERS,
  ];
  return await firstExecutable([...folders.map((folder) => join(folder, name)), ...entry.paths]);
}

async function fromPackages(name: string, entry: CatalogEntry, newestRelease: boolean): Promise<string> {
  const closure = newestRelease ? 'none' : 'missing';
  const tree = await packageTree({ packages: entry.packages, closure, newestRelease });
  const path = await firstExisting(entry.paths.map((inPackage) => join(tree.root, inPackage)));
  if (path === undefined)
    throw new LabError('environment', `${entry.packages.join(' ')} does not hold ${entry.paths[0] ?? name}.`);
  if (entry.kind === 'file') return path;
  const wrapper = join(tree.folder, 'bin', name);
  await writeWhole(wrapper, wrapperScript(entry, path, await inspectTree(tree.root)));
  return wrapper;
}

/** Written beside and renamed, so that a second process never runs half a script. */
async function writeWhole(file: string, text: string): Promise<void> {
  if ((await readFile(file, 'utf8').catch(() => '')) === text) return;
  await mkdir(dirname(file), { recursive: true });
  const beside = `${file}.${process.pid}`;
  await writeFile(beside, text);
  await chmod(beside, 0o755);
  await rename(beside, file);
}

function missingPrograms(
  missing: readonly { name: ProgramName; reason: string }[],
  os: OperatingSystem,
): LabError {
  return new LabError(
    'environment',
    `${missing.map(({ name }) => name).join(', ')} can't be found: ${missing[0]?.reason ?? ''}`,
    {
      hint: installCommand(
        missing.map(({ name }) => name),
        os,
      ),
      details: { missing },
    },
  );
}

/** The command that installs the programs on this distribution, as a hint. */
export function installCommand(names: readonly ProgramName[], os: Pick<OperatingSystem, 'family'>): string {
  const entries = names.map((name): CatalogEntry => CATALOG[name]);
  const list = (packages: readonly string[]): string => [...new Set(packages)].sort().join(' ');
  if (os.family.includes('debian'))
    return `Run: sudo apt-get install -y ${list(entries.flatMap((entry) => entry.packages))}`;
  if (os.family.includes('fedora') || os.family.includes('rhel')) {
    return `Run: sudo dnf install -y ${list(entries.flatMap((entry) => entry.dnf ?? entry.packages))}`;
  }
  return `Install ${names.join(', ')} with your system's package manager and put them on PATH.`;
}

async function firstExisting(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await exists(path)) return path;
  return undefined;
}

async function firstExecutable(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    if (
      await access(path, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  return undefined;
}
