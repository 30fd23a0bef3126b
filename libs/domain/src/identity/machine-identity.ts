import { isWeakNic, type WeighedNic } from './nic-weight.js';

/** What tells machines apart. */
export interface MachineIdentity {
  /** SMBIOS system UUID, lower case; null if unknown or a known placeholder. Boards of one make may share one. */
  uuid: string | null;
  serial: string | null;
  nics: readonly WeighedNic[];
  disks: readonly IdentityDisk[];
}

export interface IdentityDisk {
  serial: string | null;
  wwn: string | null;
  transport: string | null;
  removable: boolean | null;
}

/** Where something belongs: a bastion, and the servers that it sees. */
export interface LabPlace {
  cloud: string;
  environment: string;
}

/** A machine that a bastion saw. */
export interface SeenMachine extends MachineIdentity {
  /** Of the NIC that it booted from. */
  bootMac: string;
}

/** A server that has a NIC with the MAC that the machine booted from. */
export interface MacHolder extends MachineIdentity, LabPlace {
  id: string;
  /** MACs that order it: of the NIC that it booted from last, and of those that a person declared. No two servers share one. */
  ownMacs: readonly string[];
  bastionId: string | null;
  /** An install is ordered or under way. */
  isOrdered: boolean;
}

/** Whether a UUID or a serial number has been seen on one server only, as far as is known. */
export interface Uniqueness {
  uuid: boolean;
  serial: boolean;
}

export type Identified =
  | { outcome: 'new' }
  | { outcome: 'known'; serverId: string }
  /** Nothing of it may be taken over; `serverId` is the server that it is, or claims to be. */
  | { outcome: 'refused'; serverId: string; reason: 'ForeignBastion' | 'OtherBastion' | 'TooManyClaims' };

/** So many servers may have a NIC with the same MAC that machines boot from: reports that make up the rest aren't believed. */
export const MOST_HOLDERS = 8;

/**
 * Which server a machine is, that a bastion saw. It is one that has the NIC which the machine booted from, if nothing says
 * that this is another machine with that NIC; and no other: whatever else is the same, two boot NICs are two servers until a
 * person joins them. A placeholder that nobody knows for one can so never hand a server, and its order, to another machine.
 *
 * Another bastion than the server's own is not believed in another cloud or environment, nor while something is ordered.
 * Pure; the order of `holders` doesn't matter.
 */
export function identify(
  machine: SeenMachine,
  holders: readonly MacHolder[],
  bastion: LabPlace & { id: string },
  unique: (holder: MacHolder) => Uniqueness,
): Identified {
  const isOwner = (holder: MacHolder): boolean => holder.ownMacs.includes(machine.bootMac);
  // A person may have put the server into another place than that of its bastion, which goes on seeing it.
  const isHere = ({ cloud, environment, bastionId }: MacHolder): boolean =>
    bastionId === bastion.id || (cloud === bastion.cloud && environment === bastion.environment);
  const owner = holders.find(isOwner);
  if (owner !== undefined && !isHere(owner)) {
    return { outcome: 'refused', serverId: owner.id, reason: 'ForeignBastion' };
  }
  const matching = holders
    .filter((holder) => isSameMachine(machine, holder, isOwner(holder), unique(holder)))
    .sort(
      (a, b) =>
        evidence(machine, b) - evidence(machine, a) ||
        Number(isOwner(b)) - Number(isOwner(a)) ||
        (a.id < b.id ? -1 : 1),
    );
  const found = matching.find(isHere);
  if (found === undefined) {
    const foreign =
      matching[0] ?? holders.find((holder) => !isHere(holder) && !hasWeakly(holder, machine.bootMac));
    if (foreign !== undefined) return { outcome: 'refused', serverId: foreign.id, reason: 'ForeignBastion' };
    const claimed = owner ?? holders[0];
    if (claimed !== undefined && holders.length >= MOST_HOLDERS) {
      return { outcome: 'refused', serverId: claimed.id, reason: 'TooManyClaims' };
    }
    return { outcome: 'new' };
  }
  if (found.isOrdered && found.bastionId !== null && found.bastionId !== bastion.id) {
    return { outcome: 'refused', serverId: found.id, reason: 'OtherBastion' };
  }
  return { outcome: 'known', serverId: found.id };
}

/** Both have the NIC that booted. Is it one machine, or did the NIC (or its number) get into another? */
function isSameMachine(
  machine: SeenMachine,
  holder: MacHolder,
  isOwner: boolean,
  unique: Uniqueness,
): boolean {
  const uuid = compare(machine.uuid, holder.uuid);
  const serial = compare(machine.serial, holder.serial);
  if (uuid === 'other' || serial === 'other') return false;
  const nics = compareSets(otherNics(machine, machine.bootMac), otherNics(holder, machine.bootMac));
  const disks = compareSets(diskNumbers(machine), diskNumbers(holder));
  const isWeak = hasWeakly(machine, machine.bootMac);
  /** A number that two servers have speaks for neither. */
  const isNumbered = (uuid === 'same' && unique.uuid) || (serial === 'same' && unique.serial);
  if (nics === 'same') return true;
  if (nics === 'other') {
    // Either all its other NICs were replaced, or the NIC was carried to another machine. An adapter is more easily carried.
    return !isWeak && disks === 'same';
  }
  if (disks === 'same') return true;
  // Either its disks were replaced, or the NIC was carried to another machine.
  if (disks === 'other') return isOwner && (!isWeak || isNumbered);
  // Nothing speaks against it. A NIC that the server hasn't booted from needs something that speaks for it, too.
  return isOwner || uuid === 'same' || serial === 'same';
}

type Comparison = 'same' | 'other' | 'unknown';

const compare = (a: string | null, b: string | null): Comparison =>
  a === null || b === null ? 'unknown' : a === b ? 'same' : 'other';

function compareSets(a: readonly string[], b: readonly string[]): Comparison {
  if (a.length === 0 || b.length === 0) return 'unknown';
  return a.some((item) => b.includes(item)) ? 'same' : 'other';
}

/** How much the two have in common beside the NIC that booted. */
const evidence = (machine: SeenMachine, holder: MacHolder): number =>
  [
    compareSets(otherNics(machine, machine.bootMac), otherNics(holder, machine.bootMac)),
    compareSets(diskNumbers(machine), diskNumbers(holder)),
    compare(machine.uuid, holder.uuid),
    compare(machine.serial, holder.serial),
  ].filter((found) => found === 'same').length;

const otherNics = ({ nics }: MachineIdentity, bootMac: string): string[] =>
  nics.filter((nic) => nic.mac !== bootMac && !isWeakNic(nic)).map(({ mac }) => mac);

const hasWeakly = ({ nics }: MachineIdentity, mac: string): boolean =>
  nics.some((nic) => nic.mac === mac && isWeakNic(nic));

/** Several machines may see the LUNs of a storage network, and sticks are carried about. */
const SHARED_TRANSPORTS = ['fc', 'fcoe', 'iscsi', 'usb'];

/** World-wide names, else serial numbers, of the disks that are in the machine itself; lower case. */
export const diskNumbers = ({ disks }: Pick<MachineIdentity, 'disks'>): string[] =>
  disks.flatMap(({ serial, wwn, transport, removable }) => {
    const number = wwn ?? serial;
    return number === null || removable === true || SHARED_TRANSPORTS.includes(transport ?? '')
      ? []
      : [number.toLowerCase()];
  });
