/** Stated facts beside a phase, each with what it means: the one list that labd writes, filters and completes by. */
export const CONDITIONS = {
  Stuck: 'an install waits in vain',
  LinkLost: 'the bastion of a running install is not connected',
  DiskMismatch: 'the disk that an order names is not the one that was seen',
  IdentityConflict: 'two machines can’t be told apart, or one is claimed twice',
  SharedMac: 'another server has a NIC with the same address, from which neither boots',
  BootOrderIgnored: 'the firmware does not boot in the order that an install has set',
  InstallContested: 'another address asked for an install that runs',
  DiscoveryFlooded: 'a bastion is told of more new machines than it passes on',
  ConnectionsRefused: 'a bastion refuses connections of an address that holds too many',
  DhcpProblem: 'a bastion can’t serve DHCP as it should',
  UnconfirmedDropped: 'a bastion has dropped machines that nobody confirmed',
  NotServed: 'a network is to be served with DHCP, and its bastion does not',
  UnconfirmedServersDropped: 'labd has dropped servers that nobody confirmed',
} as const satisfies Record<string, string>;
export type ConditionType = keyof typeof CONDITIONS;

/** Their names, in the order in which they are offered. */
export const CONDITION_TYPES = Object.keys(CONDITIONS) as readonly ConditionType[];

const BY_LOWER_CASE: ReadonlyMap<string, ConditionType> = new Map(
  CONDITION_TYPES.map((type) => [type.toLowerCase(), type]),
);

/** The condition that a person means, in any case; undefined if there is none of that name. */
export const conditionNamed = (text: string): ConditionType | undefined =>
  BY_LOWER_CASE.get(text.trim().toLowerCase());
