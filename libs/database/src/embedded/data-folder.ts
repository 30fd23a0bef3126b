import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, lchownSync, lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { chmod, mkdir, open, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '@lab/domain';

/** What lies in the folder of an embedded PostgreSQL. */
export interface DataFolder {
  root: string;
  /** PostgreSQL's own; belongs to the user it runs as. */
  data: string;
  /** The superuser's password, mode 0600. */
  password: string;
  /** Which process started the server. */
  owner: string;
  log: string;
}

export const dataFolder = (root: string): DataFolder => ({
  root,
  data: join(root, 'data'),
  password: join(root, 'password'),
  owner: join(root, 'owner.json'),
  log: join(root, 'postgres.log'),
});

const NOT_WRITABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOSPC', 'EDQUOT', 'ELOOP']);

/** Not by `instanceof Error`: under Jest, Node's errors are of another realm. */
const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;

/** Makes the folder if need be. Throws LabError `environment` when we may not write there. */
export async function prepareFolder(folder: DataFolder): Promise<void> {
  try {
    await mkdir(folder.root, { recursive: true, mode: 0o711 });
    const probe = join(folder.root, `.probe-${randomBytes(4).toString('hex')}`);
    await writeFile(probe, 'probe', { flag: 'wx' });
    await rm(probe);
  } catch (error) {
    if (!NOT_WRITABLE.has(String(codeOf(error)))) throw error;
    const reason = String(error).replace(/^Error: |, \w+ '.*$/g, '');
    throw new LabError('environment', `the data folder ${folder.root} can't be written to (${reason})`, {
      hint: 'Give it to this user, free space on it, or set LAB_HOME to another folder.',
      cause: error,
    });
  }
}

/** Who owns the data, if there is any. */
export function dataOwner(folder: DataFolder): { uid: number; gid: number } | undefined {
  const stat = lstatSync(folder.data, { throwIfNoEntry: false });
  return stat === undefined ? undefined : { uid: stat.uid, gid: stat.gid };
}

/** Whether the folder holds a database. Throws LabError `environment` for one of another version, or for other files. */
export function holdsDatabase(folder: DataFolder, major: string): boolean {
  if (!existsSync(folder.data)) return false;
  const file = join(folder.data, 'PG_VERSION');
  if (!existsSync(file)) {
    if (readdirSync(folder.data).length === 0) return false;
    throw new LabError('environment', `${folder.data} holds other files, not a PostgreSQL database`, {
      hint: 'Move them away, or set LAB_HOME to another folder.',
    });
  }
  const version = readFileSync(file, 'utf8').trim();
  if (version === major) return true;
  throw new LabError(
    'environment',
    `the database in ${folder.data} is of PostgreSQL ${version}; this program has ${major}`,
    {
      hint: `Start the version of the program that made it and dump the data, or upgrade the folder with pg_upgrade.`,
    },
  );
}

/** Reads the password, or makes one. Two starts at once end up with the same. */
export async function ensurePassword(folder: DataFolder, databaseExists: boolean): Promise<string> {
  const stored = await readFile(folder.password, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return '';
    throw new LabError('environment', `${folder.password} can't be read`, {
      hint: 'Start the program as the user who owns this file.',
      cause: error,
    });
  });
  if (stored !== '') return stored;
  if (databaseExists) {
    throw new LabError(
      'environment',
      `the password of the database in ${folder.root} is gone (${folder.password})`,
      {
        hint: 'Restore that file from a backup; it belongs to the data.',
      },
    );
  }
  const password = randomBytes(24).toString('base64url');
  const file = await open(folder.password, 'w', 0o600);
  try {
    await file.writeFile(password);
    await file.sync();
  } finally {
    await file.close();
  }
  return password;
}

export type InitializeDatabase = (target: string, passwordFile: string) => Promise<void>;

/**
 * Makes the database in a folder beside the final one and moves it there when it is complete: an initdb that was killed
 * leaves no half database.
 */
export async function initialize(
  folder: DataFolder,
  password: string,
  owner: { uid: number; gid: number } | undefined,
  run: InitializeDatabase,
): Promise<void> {
  removeLeftovers(folder);
  const work = join(folder.root, `initdb-${randomBytes(6).toString('hex')}`);
  const target = join(work, 'data');
  const passwordFile = join(work, 'password');
  await mkdir(target, { recursive: true, mode: 0o700 });
  try {
    await writeFile(passwordFile, password, { mode: 0o600, flag: 'wx' });
    if (owner !== undefined)
      for (const path of [work, target, passwordFile]) chownSync(path, owner.uid, owner.gid);
    await run(target, passwordFile);
    if (existsSync(folder.data)) await rmdir(folder.data);
    await rename(target, folder.data);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function removeLeftovers(folder: DataFolder): void {
  for (const name of readdirSync(folder.root)) {
    if (/^initdb-[0-9a-f]{12}$/.test(name)) rmSync(join(folder.root, name), { recursive: true, force: true });
  }
}

/** Gives the data to the user that PostgreSQL will run as, if it belongs to another (the way of running changed). */
export async function handOver(
  folder: DataFolder,
  owner: { uid: number; gid: number } | undefined,
): Promise<void> {
  if (owner === undefined) return;
  if (owner.uid !== 0) await chmod(folder.root, 0o711);
  const present = dataOwner(folder);
  if (present === undefined || (present.uid === owner.uid && present.gid === owner.gid)) return;
  const paths = [
    folder.data,
    ...readdirSync(folder.data, { recursive: true, encoding: 'utf8' }).map((name) => join(folder.data, name)),
  ];
  for (const path of paths) lchownSync(path, owner.uid, owner.gid);
}
