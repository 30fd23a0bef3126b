import { stat } from 'node:fs/promises';
import { LabError } from '@lab/domain';
import { digestOf, type Checksum } from './checksum.js';
import { missingFrom } from './needs.js';
import type { Progress } from './progress.js';
import { readRepomd, type ExpectedFile } from './repository.js';
import { folderView, inside, textOf, type TreeProfile } from './tree-profile.js';
import { foldersOf, imagesOf, packagesOf, primaryOf, repomdOf } from './tree-files.js';
import { below } from './tree-path.js';
import { MAX_TREEINFO_BYTES, parseTreeinfo } from './treeinfo.js';

/** A file that isn't as it should be. */
export interface BadFile {
  path: string;
  /** `is missing`, `has another checksum …` */
  why: string;
}

export interface Verified {
  bad: BadFile[];
  /** Files that were held against a checksum or a length. */
  checked: number;
  /** Files that no checksum is known of: neither the source states one nor is one kept from when they came. */
  unchecked: string[];
  /** SHA-256 of the files that the source states none of. */
  own: Record<string, string>;
}

export interface VerifyOptions {
  progress: Progress;
  signal: AbortSignal;
  /** Checksums that were taken when the tree came. */
  ownChecksums: Readonly<Record<string, string>>;
}

/** Reads a tree again, and holds every file against what the tree itself states. */
export async function verifyFolder(
  folder: string,
  profile: TreeProfile,
  options: VerifyOptions,
): Promise<Verified> {
  const check = new Check(folder, options);
  await check.tree(profile);
  return check.result;
}

class Check {
  readonly result: Verified = { bad: [], checked: 0, unchecked: [], own: {} };

  constructor(
    private readonly folder: string,
    private readonly options: VerifyOptions,
  ) {}

  async tree({ needs }: TreeProfile): Promise<void> {
    const { progress } = this.options;
    progress.begin('checking');
    const text = await textOf(await inside(this.folder, '.treeinfo'), MAX_TREEINFO_BYTES);
    const treeinfo =
      text === undefined ? undefined : this.#judged('.treeinfo', () => parseTreeinfo(text, '.treeinfo'));
    if (treeinfo === undefined) {
      // Without it only what has to be there can be told.
      for (const path of await missingFrom(folderView(this.folder), needs)) this.#bad(path, 'is missing');
      if (text === undefined) this.result.unchecked.push('(all: there is no .treeinfo)');
      return;
    }
    const own: ExpectedFile = { path: '.treeinfo', size: undefined, checksum: undefined };
    await this.#files([own, ...imagesOf(treeinfo, needs)]);
    // What else it states a checksum of need not be there: a boot.iso is of no use here.
    const further = [...treeinfo.checksums].map(([path, checksum]) => ({ path, size: undefined, checksum }));
    await this.#files(further, { optional: true });
    for (const folder of foldersOf(treeinfo, needs))
      await this.#repository(repomdOf(treeinfo, folder), folder);
  }

  async #repository(repomd: ExpectedFile, folder: string): Promise<void> {
    if (!(await this.#file(repomd))) return;
    const metadata = await readRepomd(this.folder, folder).catch((error: unknown) =>
      this.#unreadable(repomd.path, error),
    );
    if (metadata === undefined) return;
    await this.#files(metadata);
    const primary = primaryOf(metadata);
    // Cut or changed it is named above; what it would list can't be told.
    if (primary === undefined || this.result.bad.some(({ path }) => path === primary.path)) return;
    const packages = await packagesOf(this.folder, folder, metadata).catch((error: unknown) =>
      this.#unreadable(below(folder, 'repodata'), error),
    );
    await this.#files(packages ?? []);
  }

  async #files(files: readonly ExpectedFile[], { optional } = { optional: false }): Promise<void> {
    this.options.progress.expect(
      files.length,
      files.reduce((sum, { size }) => sum + (size ?? 0), 0),
    );
    for (const file of files) {
      await this.#file(file, optional);
      this.options.progress.done();
    }
  }

  async #file({ path, size, checksum }: ExpectedFile, optional = false): Promise<boolean> {
    this.options.signal.throwIfAborted();
    if (this.#seen.has(path)) return true;
    const file = await inside(this.folder, path);
    if (file === undefined) {
      if (!optional) this.#bad(path, 'is missing');
      return false;
    }
    this.#seen.add(path);
    const { size: found } = await stat(file);
    if (size !== undefined && found !== size) return this.#bad(path, `has ${found} bytes instead of ${size}`);
    const kept = this.options.ownChecksums[path];
    const known: Checksum | undefined =
      checksum ?? (kept === undefined ? undefined : { algorithm: 'sha256', value: kept });
    const digest = await digestOf(file, known?.algorithm ?? 'sha256', this.options.signal);
    this.options.progress.came(found);
    if (checksum === undefined) this.result.own[path] = digest;
    if (known === undefined) {
      this.result.unchecked.push(path);
      return true;
    }
    this.result.checked += 1;
    if (digest === known.value) return true;
    return this.#bad(path, `has another checksum (${known.algorithm}) than it should`);
  }

  readonly #seen = new Set<string>();

  #bad(path: string, why: string): false {
    this.result.bad.push({ path, why });
    return false;
  }

  #unreadable(path: string, error: unknown): undefined {
    if (!(error instanceof LabError)) throw error;
    this.#bad(path, error.message);
    return undefined;
  }

  #judged<T>(path: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      this.#unreadable(path, error);
      return undefined;
    }
  }
}
