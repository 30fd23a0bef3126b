/** Which disk may be installed on: all given keys must match, and exactly one disk may. */
export interface DiskRule {
  serial?: string | undefined;
  wwn?: string | undefined;
  byId?: string | undefined;
  name?: string | undefined;
  minSizeBytes?: number | undefined;
}

/** A disk as a machine last reported it. */
export interface KnownDisk {
  name: string;
  sizeBytes: number;
  serial: string | null;
  wwn: string | null;
  byId: string | null;
  removable: boolean | null;
  hasData?: boolean | null;
}

/** Why a rule doesn't find its one disk. */
export interface DiskMismatch {
  reason: 'NoDiskMatches' | 'SeveralDisksMatch' | 'PathsOfOneDisk';
  message: string;
}

/**
 * Block devices that are no disks to install on: in memory, made of others, a way to others, without a disk in them, or a
 * hardware partition of an eMMC (`boot0`, `gp0`, `rpmb`; kernel: drivers/mmc/core/mmc.c), whatever lsblk calls them. The same
 * list is in `bastion-assets/kickstart/discovery.sh` and `disk.sh`.
 */
const NO_DISK =
  /^(?:(?:zram|ram|loop|sr|fd|nbd|dm-|md|mtdblock|ubiblock|zd|drbd|rbd|rnbd|ublkb|nullb|zloop|bcache|pktcdvd)\d|md_|mmcblk\d+(?:boot\d+|gp\d+|rpmb)$|nvme\d+c\d+n\d+$)/;

/** Whether a block device of that (kernel) name can be a disk to install on. */
export const isRealDisk = (name: string): boolean => !NO_DISK.test(name);

/** Those of the disks that the rule matches: the install needs exactly one. */
export const matchingDisks = (rule: DiskRule, disks: readonly KnownDisk[]): KnownDisk[] =>
  disks.filter((disk) => isRealDisk(disk.name) && matches(rule, disk));

/**
 * Why the rule will not find its one disk among those that were seen; undefined if it will, or if none were seen. Disks may
 * have been changed since, so this is a warning: the machine decides, by the same rules (`bastion-assets/kickstart/disk.sh`).
 */
export function diskMismatch(rule: DiskRule, disks: readonly KnownDisk[]): DiskMismatch | undefined {
  const seen = disks.filter(({ name }) => isRealDisk(name));
  if (seen.length === 0) return undefined;
  const matching = matchingDisks(rule, seen);
  if (matching.length === 1) return undefined;
  const rested = 'The install will stop before anything is erased, unless its disks have changed since.';
  if (matching.length > 1) {
    const wwn = commonWwn(matching);
    return wwn === undefined
      ? {
          reason: 'SeveralDisksMatch',
          message: `The rule (${inWords(rule)}) matches ${matching.length} of the disks that were last seen: ${named(matching)}. ${pathsInWords(matching)}${advice(matching)} ${rested}`,
        }
      : {
          reason: 'PathsOfOneDisk',
          message: `The rule (${inWords(rule)}) matches ${matching.length} paths of one LUN (WWN ${wwn}): ${named(matching)}. Leave it one path while it installs, or choose another disk. ${rested}`,
        };
  }
  return {
    reason: 'NoDiskMatches',
    message: `None of the disks that were last seen matches the rule (${inWords(rule)}): ${named(seen)}. ${rested}`,
  };
}

function matches(rule: DiskRule, disk: KnownDisk): boolean {
  return (
    disk.removable !== true &&
    (rule.serial === undefined || disk.serial === rule.serial) &&
    (rule.wwn === undefined || disk.wwn?.toLowerCase() === rule.wwn.toLowerCase()) &&
    (rule.byId === undefined || (disk.byId !== null && lastPart(disk.byId) === lastPart(rule.byId))) &&
    (rule.name === undefined || rule.name.replace(/^\/dev\//, '') === disk.name) &&
    (rule.minSizeBytes === undefined || disk.sizeBytes >= rule.minSizeBytes)
  );
}

/** Disks that are paths of one LUN, by its WWN, in lower case. */
export function lunPaths<T extends Pick<KnownDisk, 'name' | 'wwn'>>(disks: readonly T[]): Map<string, T[]> {
  const paths = new Map<string, T[]>();
  for (const disk of disks) {
    const wwn = disk.wwn?.toLowerCase();
    if (wwn !== undefined && isRealDisk(disk.name)) paths.set(wwn, [...(paths.get(wwn) ?? []), disk]);
  }
  for (const [wwn, group] of paths) if (group.length < 2) paths.delete(wwn);
  return paths;
}

/** A world-wide name names one LUN: disks that share it are paths to it. */
function commonWwn([first, ...others]: readonly KnownDisk[]): string | undefined {
  const wwn = first?.wwn?.toLowerCase();
  return others.every((disk) => disk.wwn?.toLowerCase() === wwn) ? wwn : undefined;
}

/** Which of the disks are paths of one LUN; nothing if none are. */
const pathsInWords = (disks: readonly KnownDisk[]): string =>
  [...lunPaths(disks)]
    .map(([wwn, paths]) => `${paths.map(({ name }) => name).join(', ')} are paths of one LUN (WWN ${wwn}). `)
    .join('');

/** By what one of them can be pinned: something that each of them has, and no other. A path can't be pinned, others beside it can. */
function advice(disks: readonly KnownDisk[]): string {
  const paths = new Set([...lunPaths(disks).values()].flat());
  const single = disks.filter((disk) => !paths.has(disk));
  if (single.length === 0) return 'Leave each LUN one path while it installs, or choose another disk.';
  const keys = [
    ['serial number', ({ serial }: KnownDisk) => serial],
    ['WWN', ({ wwn }: KnownDisk) => wwn?.toLowerCase()],
    ['by-id name', ({ byId }: KnownDisk) => byId],
  ] as const;
  const names = single.map(({ name }) => name).join(', ');
  const which = paths.size === 0 ? 'one' : single.length === 1 ? names : `one of ${names}`;
  for (const [key, of] of keys) {
    const values = disks.map(of);
    const isTelling = (value: string | null | undefined): boolean =>
      value !== null &&
      value !== undefined &&
      value !== '' &&
      values.filter((each) => each === value).length === 1;
    if (single.every((disk) => isTelling(of(disk)))) return `Pin ${which} by its ${key}.`;
  }
  return 'Nothing but their names tells them all apart, and names may change between boots: pin one by its name once the others are disconnected, or by a size that only it has.';
}

const lastPart = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const named = (disks: readonly KnownDisk[]): string =>
  disks
    .slice(0, 16)
    .map(({ name, serial }) => (serial === null ? name : `${name} (serial ${serial})`))
    .join(', ');

function inWords({ serial, wwn, byId, name, minSizeBytes }: DiskRule): string {
  const given = [
    ['serial', serial],
    ['wwn', wwn],
    ['by-id', byId],
    ['name', name],
    ['at least', minSizeBytes === undefined ? undefined : `${minSizeBytes} bytes`],
  ].flatMap(([key, value]) => (value === undefined ? [] : [`${key} ${value}`]));
  return given.length === 0 ? 'the only disk' : given.join(', ');
}
