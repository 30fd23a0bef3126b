import { LabError, printable } from '@lab/domain';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { checksum, type Checksum } from './checksum.js';
import { opened } from './decompress.js';
import { below, treePath } from './tree-path.js';
import { readXml } from './xml.js';

/** A file that a tree has to have. */
export interface ExpectedFile {
  /** In the tree. */
  path: string;
  size: number | undefined;
  checksum: Checksum | undefined;
}

/** A file of a repository's metadata. */
export interface MetadataFile extends ExpectedFile {
  /** `primary`, `filelists`, `group` … */
  type: string;
}

export const MAX_REPOMD_BYTES = 4 << 20;
const MAX_METADATA_FILES = 256;
/** Fedora's Everything has some 75,000. */
const MAX_PACKAGES = 500_000;
const MAX_FILE_BYTES = 2 ** 40;

/** What `repodata/repomd.xml` names. `folder` is the repository's place in the tree, `''` its root. Raises `invalid`. */
export async function readRepomd(root: string, folder: string): Promise<MetadataFile[]> {
  const path = below(folder, 'repodata/repomd.xml');
  const files: MetadataFile[] = [];
  let current: Partial<Record<'type' | 'location' | 'algorithm' | 'checksum' | 'size', string>> = {};
  const document = { isRepomd: false };
  await readXml(createReadStream(join(root, path)), path, {
    open: (at, attributes) => {
      const name = at.at(-1);
      if (at.length === 1) document.isRepomd = name === 'repomd';
      if (name === 'data') current = { type: attributes['type'] ?? '' };
      if (at.at(-2) !== 'data') return;
      if (name === 'location') current.location = attributes['href'] ?? '';
      if (name === 'checksum') current.algorithm = attributes['type'] ?? '';
    },
    close: (at, text) => {
      const name = at.at(-1);
      if (at.at(-2) === 'data') {
        if (name === 'checksum') current.checksum = text;
        if (name === 'size') current.size = text;
      }
      if (name !== 'data' || !document.isRepomd) return;
      if (files.length >= MAX_METADATA_FILES)
        throw damaged(path, `it names over ${MAX_METADATA_FILES} files`);
      files.push({
        type: current.type ?? '',
        path: below(folder, treePath(current.location ?? '', path)),
        size: sizeOf(current.size, path),
        checksum:
          current.checksum === undefined
            ? undefined
            : checksum(current.algorithm ?? '', current.checksum, path),
      });
    },
  });
  if (!document.isRepomd) throw damaged(path, 'it is no repomd.xml');
  if (!files.some(({ type }) => type === 'primary')) throw damaged(path, 'it names no list of packages');
  return files;
}

/** The packages of a repository, read from its list without ever holding more than one of them. */
export async function eachPackage(
  root: string,
  folder: string,
  primary: MetadataFile,
  take: (file: ExpectedFile) => void,
): Promise<void> {
  let count = 0;
  let current: { location?: string; size?: string; algorithm?: string; checksum?: string } = {};
  await readXml(opened(join(root, primary.path), primary.path), primary.path, {
    open: (at, attributes) => {
      const name = at.at(-1);
      if (name === 'package') current = {};
      if (at.at(-2) !== 'package') return;
      if (name === 'checksum') current.algorithm = attributes['type'] ?? '';
      if (name === 'size') current.size = attributes['package'] ?? '';
      if (name !== 'location') return;
      // createrepo_c --baseurl: the package lies somewhere else altogether, and dnf would go there.
      if (attributes['xml:base'] !== undefined)
        throw damaged(primary.path, 'its packages lie at another address');
      current.location = attributes['href'] ?? '';
    },
    close: (at, text) => {
      const name = at.at(-1);
      if (at.at(-2) === 'package' && name === 'checksum') current.checksum = text;
      if (name !== 'package' || at.length !== 2) return;
      if (++count > MAX_PACKAGES) throw damaged(primary.path, `it names over ${MAX_PACKAGES} packages`);
      take({
        path: below(folder, treePath(current.location ?? '', primary.path)),
        size: sizeOf(current.size, primary.path),
        checksum: checksum(current.algorithm ?? '', current.checksum ?? '', primary.path),
      });
    },
  });
}

function sizeOf(text: string | undefined, path: string): number | undefined {
  if (text === undefined) return undefined;
  const size = Number(text);
  if (/^\d{1,15}$/.test(text.trim()) && size <= MAX_FILE_BYTES) return size;
  throw damaged(path, `"${printable(text)}" is no size of a file`);
}

const damaged = (path: string, why: string): LabError =>
  new LabError('invalid', `${path} can't be used: ${why}`, {
    hint: 'The source is damaged, incomplete, or no repository of packages.',
  });
