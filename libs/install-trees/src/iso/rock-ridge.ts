/** What Rock Ridge (IEEE P1282) says of a directory record, in its System Use area (SUSP, IEEE P1281). */
export interface RockRidge {
  /** The file's name; undefined: none is said, and the short ISO 9660 one stands. */
  name: string | undefined;
  /** A symbolic link, a device or a file packed by zisofs: nothing that is in a tree. */
  isOther: boolean;
  /** This is where a deep directory was moved to; it is listed at its own place, too. */
  isRelocated: boolean;
  /** The block where a deep directory's records really are. */
  childLink: number | undefined;
  /** The area goes on elsewhere. */
  continuation: { block: number; offset: number; length: number } | undefined;
}

const NM_CONTINUES = 1;
const NM_SPECIAL = 2 | 4;

/** Reads one area, and adds it to what the one before it said. Raises RangeError for entries that reach beyond it. */
export function readSystemUse(area: Buffer, before?: RockRidge): RockRidge {
  const found: RockRidge = {
    ...{ name: before?.name, isOther: before?.isOther ?? false, isRelocated: before?.isRelocated ?? false },
    ...{ childLink: before?.childLink, continuation: undefined },
  };
  // SUSP §4: an area ends where no entry fits any more, or at ST.
  for (let at = 0; at + 4 <= area.length;) {
    const signature = area.toString('latin1', at, at + 2);
    const length = area.readUInt8(at + 2);
    if (length === 0) break;
    if (length < 4 || at + length > area.length)
      throw new RangeError('an entry of Rock Ridge reaches beyond its area');
    const entry = area.subarray(at, at + length);
    if (signature === 'ST') break;
    take(signature, entry, found);
    at += length;
  }
  return found;
}

function take(signature: string, entry: Buffer, found: RockRidge): void {
  switch (signature) {
    case 'NM': {
      const flags = entry.readUInt8(4);
      if ((flags & NM_SPECIAL) === 0) found.name = (found.name ?? '') + entry.toString('utf8', 5);
      // A name that goes on has its next part in a further NM, which is added to it.
      if ((flags & NM_CONTINUES) !== 0 && found.name !== undefined && found.name.length > 1024) {
        throw new RangeError('a name of Rock Ridge has no end');
      }
      return;
    }
    case 'CE':
      found.continuation = {
        block: entry.readUInt32LE(4),
        offset: entry.readUInt32LE(12),
        length: entry.readUInt32LE(20),
      };
      return;
    case 'CL':
      found.childLink = entry.readUInt32LE(4);
      return;
    case 'RE':
      found.isRelocated = true;
      return;
    case 'PX': {
      // stat.h: S_IFMT, S_IFREG, S_IFDIR
      const type = entry.readUInt32LE(4) & 0o170000;
      if (type !== 0o100000 && type !== 0o040000) found.isOther = true;
      return;
    }
    case 'SL':
    case 'ZF':
      found.isOther = true;
      return;
    default:
  }
}
