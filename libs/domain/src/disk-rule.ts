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

/** Those of the disks that the rule matches: the install needs exactly one. */
export const matchingDisks = (rule: DiskRule, disks: readonly KnownDisk[]): KnownDisk[] =>
  disks.filter((disk) => matches(rule, disk));

/**
 * Why the rule will not find its one disk among those that were seen; undefined if it will, or if none were seen. Disks may
 * have been changed since, so this is a warning: the machine decides, by the same rules (`bastion-assets/kickstart/disk.sh`).
 */
export function diskMismatch(
  rule: DiskRule,
  disks: readonly KnownDisk[],
): { reason: 'NoDiskMatches' | 'SeveralDisksMatch'; message: string } | undefined {
  if (disks.length === 0) return undefined;
  const matching = matchingDisks(rule, disks);
  if (matching.length === 1) return undefined;
  const rested = 'The install will stop before anything is erased, unless its disks have changed since.';
  if (matching.length > 1) {
    return {
      reason: 'SeveralDisksMatch',
      message: `The rule (${inWords(rule)}) matches ${matching.length} of the disks that were last seen: ${named(matching)}. Pin one by its serial number. ${rested}`,
    };
  }
  return {
    reason: 'NoDiskMatches',
    message: `None of the disks that were last seen matches the rule (${inWords(rule)}): ${named(disks)}. ${rested}`,
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
