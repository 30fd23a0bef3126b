import type { ConditionType } from '../conditions.js';
import type { LabPlace } from './machine-identity.js';

/** A server with what it may share with another. */
export interface ComparedServer extends LabPlace {
  id: string;
  name: string;
  uuid: string | null;
  serial: string | null;
  macs: readonly string[];
  /** MACs that order it. */
  ownMacs: readonly string[];
  /** As `diskNumbers` has them. */
  disks: readonly string[];
  createdAt: Date;
  lastSeenAt: Date;
}

/** Two servers that claim the same. */
export interface IdentityConflict {
  other: ComparedServer;
  reason: 'SharedMac' | 'SharedUuid' | 'SharedSerial' | 'SharedDisk';
  /** What both have. */
  value: string;
  /** Neither boots from the NIC with that MAC: nothing can go to the wrong one. */
  isHarmless: boolean;
}

/** A fact about a server's identity, for its conditions. */
export interface IdentityFinding {
  type: Extract<ConditionType, 'IdentityConflict' | 'SharedMac'>;
  reason: IdentityConflict['reason'];
  message: string;
}

/** The conditions that say what is wrong with a server's identity. */
export const IDENTITY_CONDITIONS: readonly string[] = [
  'IdentityConflict',
  'SharedMac',
] satisfies ConditionType[];

/** Servers that one message names. */
const MOST_NAMED = 3;

/** What two servers both claim, if anything: the gravest of it. Whichever is asked first, the answer is the same. */
export function conflictBetween(a: ComparedServer, b: ComparedServer): IdentityConflict | undefined {
  if (a.id === b.id) return undefined;
  const shared = a.macs.filter((mac) => b.macs.includes(mac));
  const owned = shared.find((mac) => a.ownMacs.includes(mac) || b.ownMacs.includes(mac));
  if (owned !== undefined) return { other: b, reason: 'SharedMac', value: owned, isHarmless: false };
  if (a.uuid !== null && a.uuid === b.uuid) {
    return { other: b, reason: 'SharedUuid', value: a.uuid, isHarmless: false };
  }
  const disk = a.disks.find((number) => b.disks.includes(number));
  // Nodes of one chassis may have its number: they are told apart by their UUIDs, unless one has the other's disks.
  const isToldApart = a.uuid !== null && b.uuid !== null && disk === undefined;
  if (a.serial !== null && a.serial === b.serial && !isToldApart) {
    return { other: b, reason: 'SharedSerial', value: a.serial, isHarmless: false };
  }
  // A disk that was moved is its new machine's, once the old one has been heard of without it.
  if (disk !== undefined && replaced(a, b) !== undefined) {
    return { other: b, reason: 'SharedDisk', value: disk, isHarmless: false };
  }
  const [mac] = shared;
  return mac === undefined ? undefined : { other: b, reason: 'SharedMac', value: mac, isHarmless: true };
}

/** The older and the newer of two servers, if the older hasn't been heard of since the newer was first seen. */
export function replaced(
  a: ComparedServer,
  b: ComparedServer,
): { before: ComparedServer; after: ComparedServer } | undefined {
  const [before, after] = a.createdAt.getTime() <= b.createdAt.getTime() ? [a, b] : [b, a];
  return before.createdAt.getTime() < after.createdAt.getTime() &&
    before.lastSeenAt.getTime() < after.createdAt.getTime()
    ? { before, after }
    : undefined;
}

/** What is to be stated of a server, given those that share something with it. */
export function identityFindings(
  server: ComparedServer,
  others: readonly ComparedServer[],
): IdentityFinding[] {
  const conflicts = others.flatMap((other) => conflictBetween(server, other) ?? []);
  const grave = conflicts.filter(({ isHarmless }) => !isHarmless);
  const harmless = conflicts.filter(({ isHarmless }) => isHarmless);
  return [...findingOf('IdentityConflict', server, grave), ...findingOf('SharedMac', server, harmless)];
}

const GRAVEST: readonly IdentityConflict['reason'][] = [
  'SharedMac',
  'SharedUuid',
  'SharedSerial',
  'SharedDisk',
];

function findingOf(
  type: IdentityFinding['type'],
  server: ComparedServer,
  conflicts: readonly IdentityConflict[],
): IdentityFinding[] {
  const sorted = conflicts.toSorted(
    (a, b) => GRAVEST.indexOf(a.reason) - GRAVEST.indexOf(b.reason) || (a.other.id < b.other.id ? -1 : 1),
  );
  const [first] = sorted;
  if (first === undefined) return [];
  const named = sorted.slice(0, MOST_NAMED).map((conflict) => sentence(server, conflict));
  const more = sorted.length > named.length ? ' Others share it, too.' : '';
  const pairs = new Map(
    type === 'SharedMac'
      ? []
      : sorted.flatMap(({ other }) => {
          const pair = samePlace(server, other) ? replaced(server, other) : undefined;
          return pair === undefined ? [] : [[`labctl adopt ${pair.before.name} ${pair.after.name}`, pair]];
        }),
  );
  const [[command, pair] = []] = pairs;
  const advice =
    type === 'SharedMac'
      ? ' It says nothing about which of them a machine is, and no order goes to it.'
      : command === undefined || pair === undefined
        ? ' They are two servers, and orders go by the MAC alone.'
        : ` They stay two servers until a person joins them${bootsAs(first.reason, pair.before, pair.after)}. If its board or a NIC was replaced, join them: ${command}`;
  return [{ type, reason: first.reason, message: `${named.join(' ')}${more}${advice}` }];
}

/** Orders go by the MAC: with another boot NIC it is a new machine, whatever is on its disk. */
const bootsAs = (
  reason: IdentityConflict['reason'],
  before: ComparedServer,
  after: ComparedServer,
): string =>
  reason === 'SharedMac'
    ? ''
    : `; until then ${after.name} boots like any new machine, and not what ${before.name} has installed`;

function sentence(server: ComparedServer, { other, reason, value }: IdentityConflict): string {
  // Who may read one cloud needn't know the names of another.
  const whose = samePlace(server, other)
    ? `${other.name}'s`
    : `that of a server in cloud ${other.cloud}, environment ${other.environment}`;
  switch (reason) {
    case 'SharedMac':
      return `The MAC ${value} is also ${whose}.`;
    case 'SharedUuid':
      return `Its UUID ${value} is also ${whose}.`;
    case 'SharedSerial':
      return `Its serial number ${value} is also ${whose}.`;
    case 'SharedDisk':
      return `Its disk ${value} was also ${whose}.`;
  }
}

const samePlace = (a: LabPlace, b: LabPlace): boolean =>
  a.cloud === b.cloud && a.environment === b.environment;
