// Reads what firmware and boot loaders read of an image, by the specifications and not by our own writer.
import { crc32 } from 'node:zlib';

const CD_SECTOR = 2048;
const DISK_SECTOR = 512;

export interface BootEntry {
  /** El Torito: 0 is x86 BIOS, 0xef UEFI. */
  platform: number;
  bootable: boolean;
  /** Its image's first CD sector. */
  sector: number;
}

/** El Torito 1.0 §2: the boot catalog's entries. */
export function bootEntries(iso: Buffer): BootEntry[] {
  const record = iso.subarray(17 * CD_SECTOR, 18 * CD_SECTOR);
  if (record.toString('latin1', 7, 30) !== 'EL TORITO SPECIFICATION') return [];
  const catalog = iso.subarray(record.readUInt32LE(0x47) * CD_SECTOR);
  const words = Array.from({ length: 16 }, (_, index) => catalog.readUInt16LE(index * 2));
  const isValid = words.reduce((sum, word) => (sum + word) % 65_536, 0) === 0;
  if (catalog[0] !== 1 || catalog[0x1e] !== 0x55 || catalog[0x1f] !== 0xaa || !isValid) return [];
  const entry = (at: number, platform: number): BootEntry => ({
    platform,
    bootable: catalog[at] === 0x88,
    sector: catalog.readUInt32LE(at + 8),
  });
  const entries = [entry(0x20, catalog[1] ?? -1)];
  for (let at = 0x40; catalog[at] === 0x90 || catalog[at] === 0x91;) {
    const count = catalog.readUInt16LE(at + 2);
    for (let index = 1; index <= count; index += 1)
      entries.push(entry(at + index * 0x20, catalog[at + 1] ?? -1));
    if (catalog[at] === 0x91) break;
    at += (count + 1) * 0x20;
  }
  return entries;
}

export interface GptPartition {
  type: string;
  firstSector: number;
  lastSector: number;
}

/** UEFI specification §5.3: the primary header, both checksums checked; undefined if there is none that is valid. */
export function gpt(image: Buffer): GptPartition[] | undefined {
  const header = Buffer.from(image.subarray(DISK_SECTOR, 2 * DISK_SECTOR));
  if (header.toString('latin1', 0, 8) !== 'EFI PART') return undefined;
  const [size, checksum] = [header.readUInt32LE(12), header.readUInt32LE(16)];
  header.writeUInt32LE(0, 16);
  if (crc32(header.subarray(0, size)) !== checksum) return undefined;
  const [count, each] = [header.readUInt32LE(80), header.readUInt32LE(84)];
  const start = Number(header.readBigUInt64LE(72)) * DISK_SECTOR;
  const entries = image.subarray(start, start + count * each);
  if (crc32(entries) !== header.readUInt32LE(88)) return undefined;
  return Array.from({ length: count }, (_, index) => entries.subarray(index * each, (index + 1) * each))
    .filter((entry) => entry.subarray(0, 16).some((byte) => byte !== 0))
    .map((entry) => ({
      type: guidOf(entry),
      firstSector: Number(entry.readBigUInt64LE(32)),
      lastSector: Number(entry.readBigUInt64LE(40)),
    }));
}

/** The first three fields are little-endian. */
const guidOf = (bytes: Buffer): string =>
  [
    Buffer.from(bytes.subarray(0, 4)).reverse(),
    Buffer.from(bytes.subarray(4, 6)).reverse(),
    Buffer.from(bytes.subarray(6, 8)).reverse(),
    bytes.subarray(8, 10),
    bytes.subarray(10, 16),
  ]
    .map((part) => part.toString('hex'))
    .join('-');

/** ECMA-119 (ISO 9660), plain names as a boot loader reads them, without versions: path → content. */
export function isoFiles(iso: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  const walk = (record: Buffer, path: string, depth: number): void => {
    const [sector, length] = [record.readUInt32LE(2), record.readUInt32LE(10)];
    const folder = iso.subarray(sector * CD_SECTOR, sector * CD_SECTOR + length);
    for (let at = 0; at < folder.length;) {
      const size = folder[at] ?? 0;
      if (size === 0) {
        at = (Math.trunc(at / CD_SECTOR) + 1) * CD_SECTOR;
        continue;
      }
      const entry = folder.subarray(at, at + size);
      at += size;
      const name = entry.toString('latin1', 33, 33 + (entry[32] ?? 0));
      if (name === '\0' || name === '\u0001' || depth > 8) continue;
      const full = `${path}/${name.replace(/;1$/, '').replace(/\.$/, '')}`;
      if (((entry[25] ?? 0) & 2) !== 0) walk(entry, full, depth + 1);
      else {
        const start = entry.readUInt32LE(2) * CD_SECTOR;
        files.set(full, iso.subarray(start, start + entry.readUInt32LE(10)));
      }
    }
  };
  walk(iso.subarray(16 * CD_SECTOR + 156, 16 * CD_SECTOR + 190), '', 0);
  return files;
}

/** FAT12 and FAT16 (Microsoft's specification), short names only: path → content. */
export function fatFiles(image: Buffer): Map<string, Buffer> {
  const sectorBytes = image.readUInt16LE(11);
  const clusterBytes = (image[13] ?? 0) * sectorBytes;
  const fatStart = image.readUInt16LE(14) * sectorBytes;
  const rootStart = fatStart + (image[16] ?? 0) * image.readUInt16LE(22) * sectorBytes;
  const rootBytes = image.readUInt16LE(17) * 32;
  const dataStart = rootStart + Math.ceil(rootBytes / sectorBytes) * sectorBytes;
  const total = (image.readUInt16LE(19) || image.readUInt32LE(32)) * sectorBytes;
  const isFat12 = Math.trunc((total - dataStart) / clusterBytes) < 4085;
  const next = (cluster: number): number => {
    if (!isFat12) return image.readUInt16LE(fatStart + cluster * 2);
    const pair = image.readUInt16LE(fatStart + Math.trunc((cluster * 3) / 2));
    return cluster % 2 === 0 ? pair & 0xfff : pair >> 4;
  };
  const chain = (first: number): Buffer => {
    const parts: Buffer[] = [];
    for (let cluster = first; cluster >= 2 && cluster < (isFat12 ? 0xff8 : 0xfff8); cluster = next(cluster)) {
      const at = dataStart + (cluster - 2) * clusterBytes;
      parts.push(image.subarray(at, at + clusterBytes));
    }
    return Buffer.concat(parts);
  };
  const files = new Map<string, Buffer>();
  const walk = (folder: Buffer, path: string): void => {
    let long = '';
    for (let at = 0; at + 32 <= folder.length && folder[at] !== 0; at += 32) {
      const entry = folder.subarray(at, at + 32);
      if (entry[0] === 0xe5 || entry[0] === 0x2e) continue;
      if (entry[11] === 0x0f) {
        long = longPart(entry) + long;
        continue;
      }
      const short = `${entry.toString('latin1', 0, 8).trim()}.${entry.toString('latin1', 8, 11).trim()}`;
      const full = `${path}/${long === '' ? short.replace(/\.$/, '') : long}`;
      long = '';
      if (((entry[11] ?? 0) & 8) !== 0) continue; // the label
      const content = chain(entry.readUInt16LE(26));
      if (((entry[11] ?? 0) & 16) !== 0) walk(content, full);
      else files.set(full, content.subarray(0, entry.readUInt32LE(28)));
    }
  };
  walk(image.subarray(rootStart, rootStart + rootBytes), '');
  return files;
}

const longPart = (entry: Buffer): string =>
  Buffer.concat([entry.subarray(1, 11), entry.subarray(14, 26), entry.subarray(28, 32)])
    .toString('utf16le')
    .replace(/\0.*$/s, '')
    .replaceAll('\uffff', '');
