import { mkdir, open as openFile, rm, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { LabError } from '@lab/domain';
import { diskError } from './disk-error.js';
import { IsoImage, type IsoFile } from './iso/iso-image.js';
import { missingFrom } from './needs.js';
import type { Progress } from './progress.js';
import { folderView, type TreeProfile } from './tree-profile.js';
import type { TreeRecord, TreeStore } from './tree-store.js';
import { MAX_TREEINFO_BYTES, parseTreeinfo, requireRelease } from './treeinfo.js';
import { verifyFolder } from './verify.js';

export interface ImportOptions {
  profile: TreeProfile;
  file: string;
  signal: AbortSignal;
  progress: Progress;
  now: Date;
}

/**
 * Takes the tree out of an installer's ISO into the store, in place of the one that is there. What is served is checked against
 * the checksums in it first. Raises `not-found`, `invalid`, `environment`, `in-use`.
 */
export const importIso = (store: TreeStore, options: ImportOptions): Promise<TreeRecord> =>
  store.exclusively(options.profile.name, async () => {
    const root = store.staging(options.profile.name);
    try {
      return await imported(store, root, options);
    } catch (error) {
      // The ISO is still there: nothing is worth keeping.
      await rm(root, { recursive: true, force: true });
      throw diskError(error, root);
    }
  });

async function imported(store: TreeStore, root: string, options: ImportOptions): Promise<TreeRecord> {
  const { profile, signal, progress, now } = options;
  const file = resolve(options.file);
  const image = await IsoImage.open(file);
  try {
    progress.begin('looking into the ISO');
    const files = await image.files();
    const treeinfo = parseTreeinfo(await treeinfoText(image, files, file), `.treeinfo in ${file}`);
    requireRelease(treeinfo, profile, file);
    await requireSpace(root, [...files.values()]);
    progress.begin('copying out of the ISO');
    progress.expect(
      files.size,
      [...files.values()].reduce((sum, { size }) => sum + size, 0),
    );
    for (const one of files.values()) {
      await copy(image, one, join(root, one.path), progress, signal);
      progress.done();
    }
  } finally {
    await image.close();
  }
  const missing = await missingFrom(folderView(root), profile.needs);
  if (missing.length > 0) {
    throw new LabError('invalid', `${file} lacks ${missing.join(', ')}`, {
      hint: 'A network install image has no packages: take the DVD, or pull the tree from a mirror.',
    });
  }
  const { bad, own } = await verifyFolder(root, profile, { progress, signal, ownChecksums: {} });
  const [first] = bad;
  if (first !== undefined) {
    throw new LabError('invalid', `${file} is damaged: ${first.path} ${first.why}${more(bad.length)}`, {
      hint: 'Download it again, and compare its checksum.',
    });
  }
  const record: TreeRecord = {
    ...{ profile: profile.name, how: 'import', from: file, at: now.toISOString() },
    verifiedAt: now.toISOString(),
    ...((await store.measure(root)) ?? { bytes: 0, files: 0 }),
    ownChecksums: own,
  };
  await store.publish(record);
  return record;
}

const more = (count: number): string => (count > 1 ? `, and ${count - 1} more` : '');

async function treeinfoText(image: IsoImage, files: Map<string, IsoFile>, file: string): Promise<string> {
  const found = files.get('.treeinfo');
  if (found === undefined || found.size > MAX_TREEINFO_BYTES) {
    throw new LabError('invalid', `${file} is no installer's DVD: there is no .treeinfo in it`, {
      hint: 'Take the DVD of Fedora Server, or that of the RHEL family; live and network images have no tree.',
    });
  }
  const chunks: Buffer[] = [];
  for await (const chunk of image.content(found)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

async function requireSpace(root: string, files: readonly IsoFile[]): Promise<void> {
  await rm(root, { recursive: true, force: true });
  await mkdir(root, { recursive: true });
  const needed = files.reduce((sum, { size }) => sum + size, 0);
  const { bavail, bsize } = await statfs(root);
  if (needed <= bavail * bsize) return;
  throw new LabError(
    'environment',
    `The tree takes ${needed} bytes, and the disk of ${root} has ${bavail * bsize} free`,
    { hint: 'Free space, or give another --dir.' },
  );
}

async function copy(
  image: IsoImage,
  file: IsoFile,
  target: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const handle = await openFile(target, 'wx', 0o644);
  try {
    for await (const chunk of image.content(file)) {
      signal.throwIfAborted();
      await handle.writeFile(chunk);
      progress.came(chunk.length);
    }
    if (file.size > 0) await handle.datasync();
  } finally {
    await handle.close();
  }
}
