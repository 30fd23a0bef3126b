import { open, type FileHandle } from 'node:fs/promises';
import { LabError, printable } from '@lab/domain';
import { codeOf } from '../disk-error.js';
import { isTreePath } from '../tree-path.js';
import { readSystemUse, type RockRidge } from './rock-ridge.js';

/** ECMA-119 §6.1.2 and §6.2.1: the descriptors begin at sector 16. Media have no other block size in practice. */
const BLOCK = 2048;
const FIRST_DESCRIPTOR = 16;
const MAX_DESCRIPTORS = 64;
const MAX_DIRECTORY_BYTES = 64 << 20;
const MAX_ENTRIES = 500_000;
const MAX_DEPTH = 32;
const MAX_CONTINUATIONS = 64;

const DIRECTORY = 2;
const MULTI_EXTENT = 0x80;

export interface IsoFile {
  path: string;
  size: number;
  /** Pieces, in order: a file over 4 GiB has several. */
  extents: readonly { start: number; length: number }[];
}

interface Extent {
  start: number;
  length: number;
}

interface Entry {
  name: string;
  isDirectory: boolean;
  extent: Extent;
  more: boolean;
  rockRidge: RockRidge;
}

/**
 * An ISO 9660 image with Rock Ridge names, read from its file: no mount, no root, no other program. Every number in it is checked
 * against the file, and every directory is read once. Raises `invalid` for what isn't such an image, is cut off, or lies.
 */
export class IsoImage {
  #entries = 0;
  readonly #seen = new Set<number>();

  private constructor(
    private readonly file: string,
    private readonly handle: FileHandle,
    private readonly bytes: number,
    private readonly root: Extent,
    /** Bytes before the System Use area of every record (SUSP's SP). */
    private readonly skip: number,
  ) {}

  static async open(file: string): Promise<IsoImage> {
    const handle = await open(file).catch((error: unknown) => {
      throw new LabError('not-found', `The file ${file} can't be opened (${codeOf(error)})`, {
        hint: 'Give the path of an ISO file that this user may read.',
        cause: error,
      });
    });
    try {
      const stat = await handle.stat();
      if (!stat.isFile()) throw notIso(file, 'it is no file');
      const descriptor = await primaryDescriptor(handle, stat.size, file);
      const claimed = descriptor.readUInt32LE(80) * BLOCK;
      if (descriptor.readUInt16LE(128) !== BLOCK)
        throw notIso(file, 'its blocks have another size than 2048 bytes');
      if (claimed > stat.size) {
        throw new LabError('invalid', `${file} is cut off: it has ${stat.size} of ${claimed} bytes`, {
          hint: 'Download it again, and compare its checksum.',
        });
      }
      const root = extentOf(descriptor.subarray(156, 190));
      const image = new IsoImage(file, handle, stat.size, root, 0);
      const first = await image.#read({ start: root.start, length: BLOCK });
      return new IsoImage(file, handle, stat.size, root, skipOf(first));
    } catch (error) {
      await handle.close();
      throw isRangeError(error) ? notIso(file, error.message) : error;
    }
  }

  close(): Promise<void> {
    return this.handle.close();
  }

  /** Every file, by path. */
  async files(): Promise<Map<string, IsoFile>> {
    const files = new Map<string, IsoFile>();
    this.#entries = 0;
    this.#seen.clear();
    try {
      await this.#walk(this.root, '', 0, files);
    } catch (error) {
      // Buffer's own: a record that is shorter than what has to be in it.
      throw isRangeError(error) ? this.#damaged(error.message) : error;
    }
    return files;
  }

  /** The content of a file, piece by piece. */
  async *content({ extents }: IsoFile, chunkBytes = 1 << 20): AsyncGenerator<Buffer> {
    for (const { start, length } of extents) {
      for (let done = 0; done < length; done += chunkBytes) {
        yield await this.#read({ start: start + done, length: Math.min(chunkBytes, length - done) });
      }
    }
  }

  async #walk(extent: Extent, folder: string, depth: number, files: Map<string, IsoFile>): Promise<void> {
    if (depth > MAX_DEPTH) throw this.#damaged(`its folders are nested more than ${MAX_DEPTH} deep`);
    if (this.#seen.has(extent.start))
      throw this.#damaged('a folder of it is inside of itself, or in two places');
    this.#seen.add(extent.start);
    if (extent.length > MAX_DIRECTORY_BYTES) throw this.#damaged(`a folder of it has ${extent.length} bytes`);
    let pieces: Extent[] = [];
    for await (const { name, isDirectory, extent: piece, more, rockRidge } of this.#list(extent)) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (!isTreePath(path)) throw this.#damaged(`it has a file named "${printable(path)}"`);
      if (rockRidge.isRelocated) continue;
      if (rockRidge.childLink !== undefined) {
        await this.#walk(await this.#moved(rockRidge.childLink), path, depth + 1, files);
        continue;
      }
      if (isDirectory) {
        await this.#walk(piece, path, depth + 1, files);
        continue;
      }
      pieces.push(piece);
      if (more) continue;
      const size = pieces.reduce((sum, { length }) => sum + length, 0);
      if (!rockRidge.isOther) {
        if (files.has(path)) throw this.#damaged(`it has the file "${printable(path)}" twice`);
        files.set(path, { path, size, extents: pieces });
      }
      pieces = [];
    }
    if (pieces.length > 0) throw this.#damaged('a large file of it has no last piece');
  }

  async *#list(extent: Extent): AsyncGenerator<Entry> {
    const data = await this.#read(extent);
    for (let at = 0; at < data.length;) {
      const length = data.readUInt8(at);
      if (length === 0) {
        // ECMA-119 §6.8.1.1: no record crosses a block; what is left of one is zero.
        at = (Math.floor(at / BLOCK) + 1) * BLOCK;
        continue;
      }
      if (length < 34 || at + length > data.length)
        throw this.#damaged('a record of a folder reaches beyond it');
      if (++this.#entries > MAX_ENTRIES) throw this.#damaged(`it has more than ${MAX_ENTRIES} files`);
      const entry = await this.#entry(data.subarray(at, at + length));
      if (entry !== undefined) yield entry;
      at += length;
    }
  }

  /** Undefined for `.` and `..` themselves. */
  async #entry(record: Buffer): Promise<Entry | undefined> {
    const nameLength = record.readUInt8(32);
    if (33 + nameLength > record.length) throw this.#damaged('a name reaches beyond its record');
    if (nameLength === 1 && record.readUInt8(33) <= 1) return undefined;
    if (record.readUInt8(26) !== 0 || record.readUInt8(27) !== 0) {
      throw this.#damaged('a file of it is interleaved, as no installer is');
    }
    const flags = record.readUInt8(25);
    // The name is padded to an even length with its record.
    const systemUse = record.subarray(
      Math.min(record.length, 33 + nameLength + ((nameLength + 1) % 2) + this.skip),
    );
    const rockRidge = await this.#systemUse(systemUse);
    const short = record
      .toString('latin1', 33, 33 + nameLength)
      .replace(/;\d+$/, '')
      .replace(/\.$/, '');
    const extent = extentOf(record);
    // A link's or a moved folder's place means nothing.
    if (rockRidge.childLink === undefined && !rockRidge.isOther) this.#require(extent);
    return {
      name: rockRidge.name ?? short.toLowerCase(),
      isDirectory: (flags & DIRECTORY) !== 0,
      extent,
      more: (flags & MULTI_EXTENT) !== 0,
      rockRidge,
    };
  }

  async #systemUse(area: Buffer): Promise<RockRidge> {
    let found = readSystemUse(area);
    for (let count = 0; found.continuation !== undefined; count += 1) {
      const { block, offset, length } = found.continuation;
      if (count >= MAX_CONTINUATIONS || length > 1 << 16)
        throw this.#damaged('a record of it goes on without end');
      found = readSystemUse(await this.#read({ start: block * BLOCK + offset, length }), found);
    }
    return found;
  }

  /** A folder that lies too deep for ISO 9660 was moved: its own first record says how long it is. */
  async #moved(block: number): Promise<Extent> {
    const own = await this.#read({ start: block * BLOCK, length: BLOCK });
    return { start: block * BLOCK, length: extentOf(own).length };
  }

  #require({ start, length }: Extent): void {
    if (start + length > this.bytes) {
      throw new LabError(
        'invalid',
        `${this.file} is cut off, or damaged: a file in it reaches beyond its end`,
        {
          hint: 'Download it again, and compare its checksum.',
        },
      );
    }
  }

  async #read(extent: Extent): Promise<Buffer> {
    this.#require(extent);
    const buffer = Buffer.alloc(extent.length);
    for (let done = 0; done < extent.length;) {
      const { bytesRead } = await this.handle.read(buffer, done, extent.length - done, extent.start + done);
      if (bytesRead === 0) throw this.#damaged('it has become shorter while it was read');
      done += bytesRead;
    }
    return buffer;
  }

  #damaged(why: string): LabError {
    return new LabError('invalid', `${this.file} is damaged, or not to be trusted: ${why}`, {
      hint: 'Download it again, and compare its checksum.',
    });
  }
}

/** By shape: Buffer's own is of another realm where modules are. */
const isRangeError = (error: unknown): error is RangeError =>
  typeof error === 'object' && error !== null && 'name' in error && error.name === 'RangeError';

/** ECMA-119 §9.1: numbers stand there in both byte orders, the little one first. */
const extentOf = (record: Buffer): Extent => ({
  start: (record.readUInt32LE(2) + record.readUInt8(1)) * BLOCK,
  length: record.readUInt32LE(10),
});

async function primaryDescriptor(handle: FileHandle, size: number, file: string): Promise<Buffer> {
  for (let sector = FIRST_DESCRIPTOR; sector < FIRST_DESCRIPTOR + MAX_DESCRIPTORS; sector += 1) {
    if ((sector + 1) * BLOCK > size) break;
    const { buffer } = await handle.read(Buffer.alloc(BLOCK), 0, BLOCK, sector * BLOCK);
    if (buffer.toString('latin1', 1, 6) !== 'CD001') break;
    if (buffer.readUInt8(0) === 1) return buffer;
    if (buffer.readUInt8(0) === 255) break;
  }
  throw notIso(file, 'it has no ISO 9660 volume descriptor');
}

/** SUSP §5.3: SP, in the root's own record, says how many bytes to skip in all others. */
function skipOf(root: Buffer): number {
  const record = root.subarray(0, root.readUInt8(0));
  const area = record.subarray(34);
  const isSp = area.length >= 7 && area.toString('latin1', 0, 2) === 'SP' && area.readUInt16BE(4) === 0xbeef;
  return isSp ? area.readUInt8(6) : 0;
}

const notIso = (file: string, why: string): LabError =>
  new LabError('invalid', `${file} is no ISO image: ${why}`, {
    hint: 'Give the ISO file of an installer DVD, as its maker has it.',
  });
