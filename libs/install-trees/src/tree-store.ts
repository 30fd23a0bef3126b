import { randomBytes } from 'node:crypto';
import {
  lstat,
  mkdir,
  readFile,
  readdir,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { basename, join } from 'node:path';
import { LabError } from '@lab/domain';
import { codeOf, diskError } from './disk-error.js';
import { locked } from './lock.js';

/** Where a tree came from, and what is known of it. */
export interface TreeRecord {
  profile: string;
  how: 'pull' | 'import';
  /** The URL or the ISO file. */
  from: string;
  /** ISO 8601. */
  at: string;
  verifiedAt: string | null;
  bytes: number;
  files: number;
  /** What the source states no checksum of: the one that it had when it came, by path. */
  ownChecksums: Readonly<Record<string, string>>;
}

const MAX_RECORD_BYTES = 16 << 20;

/**
 * The install trees in a bastion's folder. `assets/PROFILE` is what machines are served; a tree that was pulled or imported lies
 * in `assets/.trees/` and `assets/PROFILE` is a link to it, so that another one takes its place in one step.
 */
export class TreeStore {
  readonly #assets: string;
  readonly #trees: string;

  /** `folder` is the bastion's. */
  constructor(folder: string) {
    this.#assets = join(folder, 'assets');
    this.#trees = join(this.#assets, '.trees');
  }

  /** What machines are served. */
  served(profile: string): string {
    return join(this.#assets, profile);
  }

  /** Where a tree is made; it stays there until it is complete. */
  staging(profile: string): string {
    return join(this.#trees, `${profile}@staging`);
  }

  /** Keeps every other labctl away from the profile's trees. */
  async exclusively<T>(profile: string, work: () => Promise<T>): Promise<T> {
    try {
      await mkdir(this.#trees, { recursive: true, mode: 0o755 });
      return await locked(join(this.#trees, `${profile}.lock`), `the tree of ${profile}`, async () => {
        await this.#settle(profile);
        return work();
      });
    } catch (error) {
      throw diskError(error, this.#assets);
    }
  }

  /** The record of the tree that is served, if pull or import has made it. */
  async record(profile: string): Promise<TreeRecord | undefined> {
    try {
      const target = basename(await readlink(this.served(profile)));
      const file = join(this.#trees, `${target}.json`);
      if ((await stat(file)).size > MAX_RECORD_BYTES) return undefined;
      const value: unknown = JSON.parse(await readFile(file, 'utf8'));
      return isRecord(value) ? value : undefined;
    } catch (error) {
      if (error instanceof SyntaxError || ['ENOENT', 'EINVAL', 'ENOTDIR'].includes(codeOf(error)))
        return undefined;
      throw diskError(error, this.served(profile));
    }
  }

  /** Writes anew what is known of the tree that is served. */
  async keep(record: TreeRecord): Promise<void> {
    const target = basename(await readlink(this.served(record.profile)));
    await this.#write(join(this.#trees, `${target}.json`), record);
  }

  /** Puts what is in the staging folder in the place of what was served; that is removed. */
  async publish(record: TreeRecord): Promise<void> {
    const name = `${record.profile}@${randomBytes(6).toString('hex')}`;
    await this.#write(join(this.#trees, `${name}.json`), record);
    await rename(this.staging(record.profile), join(this.#trees, name));
    const served = this.served(record.profile);
    const link = join(this.#trees, `${name}.link`);
    await symlink(join('.trees', name), link);
    const before = await lstat(served).catch(() => undefined);
    // A folder that somebody made by hand; a rename can't replace it. #settle puts it back if this is cut short here.
    if (before?.isDirectory() === true) await rename(served, this.#aside(record.profile));
    await rename(link, served);
    await this.#settle(record.profile);
  }

  /** Takes the profile's tree away, and what of another has come. False: there was nothing. */
  async remove(profile: string): Promise<boolean> {
    const served = this.served(profile);
    const found = await lstat(served).catch(() => undefined);
    const begun = await lstat(this.staging(profile)).catch(() => undefined);
    // At once for machines, whatever is cut short after it.
    if (found?.isDirectory() === true) await rename(served, join(this.#trees, `${profile}@removed`));
    else await rm(served, { force: true });
    await rm(this.staging(profile), { recursive: true, force: true });
    await this.#settle(profile);
    return found !== undefined || begun !== undefined;
  }

  /** Size and number of the files that are served, whoever put them there; undefined: no such folder. */
  async measure(folder: string): Promise<{ bytes: number; files: number } | undefined> {
    const root = await realpath(folder).catch(() => undefined);
    if (root === undefined) return undefined;
    const sum = { bytes: 0, files: 0 };
    for await (const file of filesOf(root)) {
      sum.bytes += (await lstat(join(root, file))).size;
      sum.files += 1;
    }
    return sum;
  }

  #aside(profile: string): string {
    return join(this.#trees, `${profile}@before`);
  }

  /** Clears away what a command that was killed has left: nothing that is served, nor what a pull can go on with. */
  async #settle(profile: string): Promise<void> {
    const served = this.served(profile);
    const isServed = (await lstat(served).catch(() => undefined)) !== undefined;
    const aside = this.#aside(profile);
    if (!isServed && (await lstat(aside).catch(() => undefined)) !== undefined) await rename(aside, served);
    const current = basename(await readlink(served).catch(() => ''));
    const keep = new Set([current, `${current}.json`, basename(this.staging(profile))]);
    for (const name of await readdir(this.#trees)) {
      if (!name.startsWith(`${profile}@`) || keep.has(name)) continue;
      await rm(join(this.#trees, name), { recursive: true, force: true });
    }
  }

  async #write(file: string, record: TreeRecord): Promise<void> {
    await writeFile(`${file}.new`, JSON.stringify(record));
    await rename(`${file}.new`, file);
  }
}

function isRecord(value: unknown): value is TreeRecord {
  if (typeof value !== 'object' || value === null) return false;
  const record = value as Partial<Record<keyof TreeRecord, unknown>>;
  return (
    typeof record.profile === 'string' &&
    (record.how === 'pull' || record.how === 'import') &&
    typeof record.from === 'string' &&
    typeof record.at === 'string' &&
    typeof record.bytes === 'number' &&
    typeof record.files === 'number' &&
    (record.verifiedAt === null || typeof record.verifiedAt === 'string') &&
    typeof record.ownChecksums === 'object' &&
    record.ownChecksums !== null
  );
}

const MAX_FILES = 1_000_000;

/** The files below a folder, as paths in it. Links are not followed. */
export async function* filesOf(root: string): AsyncGenerator<string> {
  const folders = [''];
  let count = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      if (++count > MAX_FILES) {
        throw new LabError('invalid', `${root} has more than ${MAX_FILES} files`, {
          hint: 'That is no install tree: clear the folder.',
        });
      }
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile()) yield path;
    }
  }
}
