import { join } from 'node:path';
import { eachPackage, type ExpectedFile, type MetadataFile } from './repository.js';
import { repositoriesOf, type TreeNeeds } from './needs.js';
import { below } from './tree-path.js';
import type { Treeinfo } from './treeinfo.js';

/** What boots and the second stage: what the profile and `.treeinfo` name, with the checksums that it states. */
export function imagesOf(treeinfo: Treeinfo, needs: TreeNeeds): ExpectedFile[] {
  const paths = [
    needs.kernel,
    needs.initrd,
    needs.stage2 ? (treeinfo.mainImage ?? 'images/install.img') : null,
  ];
  return [...new Set(paths.filter((path) => path !== null))].map((path) => ({
    path,
    size: undefined,
    checksum: treeinfo.checksums.get(path),
  }));
}

/** `repomd.xml` of a repository; only that of the root may have a checksum in `.treeinfo`. */
export function repomdOf(treeinfo: Treeinfo, folder: string): ExpectedFile {
  const path = below(folder, 'repodata/repomd.xml');
  return { path, size: undefined, checksum: treeinfo.checksums.get(path) };
}

export const primaryOf = (metadata: readonly MetadataFile[]): MetadataFile | undefined =>
  metadata.find(({ type }) => type === 'primary');

/** The packages of a repository whose metadata is in `root` already. */
export async function packagesOf(
  root: string,
  folder: string,
  metadata: readonly MetadataFile[],
): Promise<ExpectedFile[]> {
  const files = new Map<string, ExpectedFile>();
  const primary = primaryOf(metadata);
  if (primary !== undefined) {
    await eachPackage(root, folder, primary, (file) => files.set(file.path, file));
  }
  return [...files.values()];
}

/** The repository folders that a tree has to have for a profile. */
export const foldersOf = (treeinfo: Treeinfo, needs: TreeNeeds): string[] =>
  needs.repository ? repositoriesOf(treeinfo) : [];

export const fileIn = (root: string, { path }: ExpectedFile): string => join(root, path);
