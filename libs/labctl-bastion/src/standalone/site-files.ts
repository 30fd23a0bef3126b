import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LabError } from '@lab/cli-kit';

/** A site that runs here, as it says of itself in `standalone.json`. */
export interface RunningSite {
  /** The parent of both programs. */
  pid: number;
  mode: 'foreground' | 'background';
  isReady: boolean;
  /** What it was started with beside its own environment. */
  env: Record<string, string>;
  labd: { pid: number; url: string } | null;
  bastion: { pid: number; url: string } | null;
}

/** A join that was begun in this folder and has not ended. */
export interface JoinUnderWay {
  /** Names the hand-over, with both labds. */
  id: string;
  url: string;
  name: string;
  /** Of the bastion's link with the new labd. */
  credential: string;
  /** Whether it ran when it was stopped for the join, and how. */
  ranAs: RunningSite['mode'] | null;
  env: Record<string, string>;
}

/** Where the site that was here belongs to now. The bastion reads it. */
export interface Joined {
  labdUrl: string;
  bastionId: string;
  name: string;
  at: string;
}

export const siteFile = (folder: string): string => join(folder, 'standalone.json');
export const joinFile = (folder: string): string => join(folder, 'join.json');
export const joinedFile = (folder: string): string => join(folder, 'joined.json');
export const handoverFile = (folder: string): string => join(folder, 'handover.ndjson');
export const labdFolder = (folder: string): string => join(folder, 'labd');
/** labd reads it, and refuses to run where it is. */
export const handedOverFile = (folder: string): string => join(labdFolder(folder), 'handed-over.json');
export const credentialFile = (folder: string): string => join(folder, 'labd-credential.json');

/** The old text or the new one, whenever the machine dies. */
export async function writeAtomically(path: string, value: unknown): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(value)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
    const folder = await open(dirname(path), 'r');
    await folder.sync().finally(() => folder.close());
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new LabError('environment', `${path} can't be written`, {
      hint: 'Use a folder that you may write to (--dir), on a disk with room.',
      cause,
    });
  }
}

/** Undefined: there is none. Raises `environment` where it is not readable: what it would say decides too much. */
async function read<T extends object>(path: string, fields: readonly (keyof T)[]): Promise<T | undefined> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new LabError('environment', `${path} can't be read`, {
      hint: 'Run this as the user whom the folder belongs to.',
      cause: error,
    });
  });
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && fields.every((field) => field in value))
      return value as T;
  } catch {
    // Said below.
  }
  throw new LabError('environment', `${path} is damaged`, {
    hint: 'Look at it, and move it away if it is of no use.',
  });
}

export const readJoin = (folder: string): Promise<JoinUnderWay | undefined> =>
  read<JoinUnderWay>(joinFile(folder), ['id', 'url', 'name', 'credential']);
export const readJoined = (folder: string): Promise<Joined | undefined> =>
  read<Joined>(joinedFile(folder), ['labdUrl', 'bastionId', 'name']);

/** The site that runs here, or what one that was killed has left running. */
export async function readSite(folder: string): Promise<RunningSite | undefined> {
  const site = await read<RunningSite>(siteFile(folder), ['pid', 'mode']).catch(() => undefined);
  if (site === undefined) return undefined;
  const isOurs = async (pid: number, word: string): Promise<boolean> =>
    (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).includes(word);
  const [parent, labd, bastion] = await Promise.all([
    isOurs(site.pid, 'standalone'),
    site.labd === null ? false : isOurs(site.labd.pid, 'labd'),
    site.bastion === null ? false : isOurs(site.bastion.pid, 'bastion'),
  ]);
  if (!parent && !labd && !bastion) return undefined;
  return {
    ...site,
    pid: parent ? site.pid : 0,
    labd: labd ? site.labd : null,
    bastion: bastion ? site.bastion : null,
  };
}
