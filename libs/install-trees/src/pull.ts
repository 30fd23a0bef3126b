import { constants } from 'node:fs';
import { copyFile, link, mkdir, readFile, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LabError } from '@lab/domain';
import { digestOf } from './checksum.js';
import { download, type DownloadContext } from './download.js';
import { diskError } from './disk-error.js';
import type { Patience } from './http-client.js';
import { missingFrom } from './needs.js';
import type { Progress } from './progress.js';
import { MAX_REPOMD_BYTES, readRepomd, type ExpectedFile } from './repository.js';
import { folderView, type TreeProfile } from './tree-profile.js';
import { foldersOf, imagesOf, packagesOf, repomdOf } from './tree-files.js';
import { isTreePath } from './tree-path.js';
import { filesOf, type TreeRecord, type TreeStore } from './tree-store.js';
import { MAX_TREEINFO_BYTES, parseTreeinfo, relocated, requireRelease, type Treeinfo } from './treeinfo.js';

export interface PullOptions {
  profile: TreeProfile;
  /** Address of the tree: the folder with `.treeinfo`. */
  from: URL;
  /** Without packages: kernel, initrd and second stage alone. */
  packages: boolean;
  /** Repositories beside those of `.treeinfo`, by the name of their folder. */
  extra: ReadonlyMap<string, URL>;
  parallel: number;
  patience: Patience;
  retryMs: readonly number[];
  signal: AbortSignal;
  progress: Progress;
  now: Date;
}

/** A kernel, an initrd or a second stage; some are over 1 GiB. */
const MAX_IMAGE_BYTES = 8 * 2 ** 30;
/** What is left free for others. */
const RESERVE_BYTES = 256 << 20;

/**
 * Brings an install tree from a mirror into the store, in place of the one that is there. Cut short at any point it goes on there
 * the next time; only a whole tree is served. Raises `not-found`, `invalid`, `environment`, `timed-out`, `in-use`.
 */
export const pullTree = (store: TreeStore, options: PullOptions): Promise<TreeRecord> =>
  store.exclusively(options.profile.name, () => new Pull(store, options).run());

class Pull {
  readonly #root: string;
  readonly #base: URL;
  readonly #context: DownloadContext;
  readonly #expected = new Map<string, ExpectedFile>();

  constructor(
    private readonly store: TreeStore,
    private readonly options: PullOptions,
  ) {
    this.#root = store.staging(options.profile.name);
    this.#base = folderUrl(options.from);
    this.#context = { ...options, onBytes: (bytes) => options.progress.came(bytes) };
  }

  async run(): Promise<TreeRecord> {
    const { profile, progress, from, now } = this.options;
    try {
      await mkdir(this.#root, { recursive: true });
      progress.begin('looking at the tree');
      const { treeinfo, places } = await this.#treeinfo();
      progress.begin('kernel, initrd and second stage');
      await this.#bringAll(imagesOf(treeinfo, profile.needs).map((file) => this.#at(file, this.#base)));
      if (this.options.packages) {
        progress.begin('lists of packages');
        const packages: Located[] = [];
        for (const folder of foldersOf(treeinfo, profile.needs)) {
          packages.push(...(await this.#repository(treeinfo, folder, places.get(folder) ?? this.#base)));
        }
        progress.begin('packages');
        await this.#requireSpace(packages.map(({ file }) => file));
        await this.#bringAll(packages);
      }
      await this.#prune();
      if (this.options.packages) await this.#requireComplete();
      progress.begin('taking it into service');
      const record: TreeRecord = {
        ...{ profile: profile.name, how: 'pull', from: from.href, at: now.toISOString() },
        verifiedAt: now.toISOString(),
        ...((await this.store.measure(this.#root)) ?? { bytes: 0, files: 0 }),
        ownChecksums: await this.#ownChecksums(),
      };
      await this.store.publish(record);
      return record;
    } catch (error) {
      throw diskError(error, this.#root);
    }
  }

  /** Brings `.treeinfo`; what of it lies beside the tree on the mirror gets a place inside. */
  async #treeinfo(): Promise<{ treeinfo: Treeinfo; places: ReadonlyMap<string, URL> }> {
    const url = new URL('.treeinfo', this.#base);
    const file = join(this.#root, '.treeinfo');
    await rm(file, { force: true });
    await download({ url, file, maxBytes: MAX_TREEINFO_BYTES }, this.#context);
    this.#expected.set('.treeinfo', { path: '.treeinfo', size: undefined, checksum: undefined });
    const text = await readFile(file, 'utf8');
    const stated = parseTreeinfo(text, url.href);
    requireRelease(stated, this.options.profile, url.href);
    const urls = new Map<string, URL>();
    const moved = new Map<string, string>();
    for (const { id, repository } of stated.variants) {
      if (repository === '.' || isTreePath(repository)) {
        const folder = repository === '.' ? '' : repository;
        urls.set(folder, folderUrl(new URL(`${repository}/`, this.#base)));
        continue;
      }
      const elsewhere = URL.canParse(`${repository}/`, this.#base.href)
        ? new URL(`${repository}/`, this.#base)
        : undefined;
      if (elsewhere?.origin !== this.#base.origin) throw foreign(url, id);
      urls.set(id, elsewhere);
      moved.set(id, id);
    }
    let local = relocated(text, moved);
    for (const [id, extra] of this.options.extra) {
      if (urls.has(id)) continue;
      urls.set(id, folderUrl(extra));
      local = withVariant(local, id);
    }
    if (local !== text) await writeFile(file, local);
    return { treeinfo: parseTreeinfo(local, url.href), places: urls };
  }

  /** Brings the lists of a repository; answers its packages. */
  async #repository(treeinfo: Treeinfo, folder: string, url: URL): Promise<Located[]> {
    const repomd = repomdOf(treeinfo, folder);
    const inRepository = (file: ExpectedFile): Located => ({
      file,
      url: fileUrl(url, folder === '' ? file.path : file.path.slice(folder.length + 1)),
    });
    await this.#bring(inRepository(repomd), MAX_REPOMD_BYTES);
    const metadata = await readRepomd(this.#root, folder);
    await this.#bringAll(metadata.map(inRepository));
    return (await packagesOf(this.#root, folder, metadata)).map(inRepository);
  }

  #at(file: ExpectedFile, base: URL): Located {
    return { file, url: fileUrl(base, file.path) };
  }

  /** Several at once; the first failure ends them all. */
  async #bringAll(files: readonly Located[]): Promise<void> {
    this.options.progress.expect(
      files.length,
      files.reduce((sum, { file }) => sum + (file.size ?? 0), 0),
    );
    const queue = files.values();
    const failed: { error?: unknown } = {};
    const work = async (): Promise<void> => {
      for (const file of queue) {
        if ('error' in failed) return;
        await this.#bring(file, MAX_IMAGE_BYTES).catch((error: unknown) => {
          if (!('error' in failed)) failed.error = error;
        });
      }
    };
    await Promise.all(Array.from({ length: this.options.parallel }, work));
    if ('error' in failed) throw failed.error;
  }

  async #bring({ file, url }: Located, maxBytes: number): Promise<void> {
    const { path, size, checksum } = file;
    this.#expected.set(path, file);
    const target = join(this.#root, path);
    if (!(await this.#reuse(file, target))) {
      await download({ url, file: target, size, checksum, maxBytes }, this.#context);
    }
    this.options.progress.done();
  }

  /** What the tree that is served has already needs no download. */
  async #reuse({ path, size, checksum }: ExpectedFile, target: string): Promise<boolean> {
    if (checksum === undefined || (await exists(target))) return false;
    const have = join(this.store.served(this.options.profile.name), path);
    const found = await stat(have).catch(() => undefined);
    if (found?.isFile() !== true || (size !== undefined && found.size !== size)) return false;
    if ((await digestOf(have, checksum.algorithm, this.options.signal)) !== checksum.value) return false;
    await mkdir(dirname(target), { recursive: true });
    await link(have, target).catch(() => copyFile(have, target, constants.COPYFILE_EXCL));
    this.options.progress.came(found.size);
    return true;
  }

  async #requireSpace(files: readonly ExpectedFile[]): Promise<void> {
    let needed = 0;
    for (const { path, size = 0 } of files) {
      if (!(await exists(join(this.#root, path)))) needed += size;
    }
    const { bavail, bsize } = await statfs(this.#root);
    if (needed === 0 || needed + RESERVE_BYTES <= bavail * bsize) return;
    throw new LabError(
      'environment',
      `The packages take ${gib(needed)} more, and the disk of ${this.#root} has ${gib(bavail * bsize)} free`,
      {
        hint: "Free space, give another --dir, or take a smaller tree: Fedora's Server instead of Everything.",
      },
    );
  }

  /** Leftovers of an earlier pull, from a tree that has changed since. */
  async #prune(): Promise<void> {
    for await (const path of filesOf(this.#root)) {
      if (!this.#expected.has(path)) await rm(join(this.#root, path), { force: true });
    }
  }

  async #requireComplete(): Promise<void> {
    const missing = await missingFrom(folderView(this.#root), this.options.profile.needs);
    if (missing.length === 0) return;
    throw new LabError('invalid', `The tree at ${this.#base.href} lacks ${missing.join(', ')}`, {
      hint: 'Take another mirror with --from.',
    });
  }

  async #ownChecksums(): Promise<Record<string, string>> {
    const own: Record<string, string> = {};
    for (const { path, checksum } of this.#expected.values()) {
      if (checksum === undefined) own[path] = await digestOf(join(this.#root, path), 'sha256');
    }
    return own;
  }
}

interface Located {
  file: ExpectedFile;
  url: URL;
}

const exists = async (file: string): Promise<boolean> =>
  (await stat(file).catch(() => undefined)) !== undefined;

const folderUrl = (url: URL): URL => {
  const folder = new URL(url);
  if (!folder.pathname.endsWith('/')) folder.pathname += '/';
  return folder;
};

/** Names of packages have `+`, `~` and `^` in them; a `#` or `?` must not end the path. */
const fileUrl = (base: URL, path: string): URL =>
  new URL(`./${path.split('/').map(encodeURIComponent).join('/')}`, base);

const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

const foreign = (url: URL, id: string): LabError =>
  new LabError('invalid', `${url.href} has its variant ${id} on another server`, {
    hint: 'A tree lies on one server: take another mirror with --from.',
  });

/** One more variant, in productmd's words. */
function withVariant(text: string, id: string): string {
  const listed = text.replace(
    /^(\s*\[tree\][^[]*?^\s*variants\s*=\s*)(.*)$/m,
    (_, head: string, names: string) =>
      `${head}${[...names.split(',').map((name) => name.trim()), id].filter((name) => name !== '').join(',')}`,
  );
  return `${listed.trimEnd()}\n\n[variant-${id}]\nid = ${id}\nname = ${id}\npackages = ${id}/Packages\nrepository = ${id}\ntype = variant\nuid = ${id}\n`;
}
