import { z } from 'zod';
import { count, id, ipAddress, macAddress, text } from './fields.js';

export const MAX_NETWORKS_PER_PART = 64;
export const MAX_RESERVATIONS_PER_PART = 4000;
export const MAX_LEASES = 4096;
export const MAX_NETBOOT_MACHINES = 500;
export const MAX_NETBOOT_EVENTS = 32;

const timestamp = z.iso.datetime({ offset: true });

const addressRange = z.object({ first: ipAddress, last: ipAddress });
/** Addresses from the first to the last, both included. */
export type AddressRange = z.infer<typeof addressRange>;

const servedNetwork = z.object({
  networkId: id,
  name: text(253),
  /** IPv4. The bastion has an address in it, or a relay sends its requests (giaddr). */
  cidr: text(64),
  /** `proxy`: another DHCP server gives the addresses; the bastion only says what to boot. */
  mode: z.enum(['full', 'proxy']),
  /** What is given out; the excluded addresses are left out already. Empty with `proxy`. */
  ranges: z.array(addressRange).max(64),
  leaseSeconds: count.min(120),
  /** Null: none is told to machines. */
  gateway: ipAddress.nullable(),
  domain: text(253).nullable(),
  nameservers: z.array(ipAddress).max(8),
});
/** A network of labd that the bastion serves with DHCP. */
export type ServedNetwork = z.infer<typeof servedNetwork>;

const reservation = z.object({
  networkId: id,
  mac: macAddress,
  address: ipAddress,
  hostname: text(63).nullable(),
});
/** The address that a NIC of a server was declared with: it is given to that NIC, and to no other. */
export type Reservation = z.infer<typeof reservation>;

export const networks = z.object({
  /** Names the content of all parts together; another content has another revision. */
  revision: text(64),
  /** From 1. */
  part: count.min(1),
  parts: count.min(1).max(256),
  networks: z.array(servedNetwork).max(MAX_NETWORKS_PER_PART),
  reservations: z.array(reservation).max(MAX_RESERVATIONS_PER_PART),
});
/**
 * `labd-networks`: all networks that the bastion serves, a level: it replaces what was sent before, once all parts of a revision are
 * there. Sent after the welcome and whenever it has changed; the bastion keeps it on its disk.
 */
export type Networks = z.infer<typeof networks>;

const lease = z.object({
  mac: macAddress,
  address: ipAddress,
  /** What the machine calls itself: anything. */
  hostname: text(253).nullable(),
  /** Null: never. */
  expiresAt: timestamp.nullable(),
});
export type Lease = z.infer<typeof lease>;

export const leases = z.object({
  networkId: id,
  /** How many there are; more than `leases` has, if they are too many. */
  total: count,
  leases: z.array(lease).max(MAX_LEASES),
  /** What keeps the bastion from serving the network, in words; null: it is served. */
  problem: text(500).nullable(),
});
/**
 * `bastion-leases`: who has which address in one network, a level. Sent for each served network after the welcome, and when it has
 * changed; not spooled.
 */
export type NetworkLeases = z.infer<typeof leases>;

export const NETBOOT_EVENTS = [
  'discover',
  'offer',
  'lease',
  'refused',
  'no-address',
  'boot-file',
  'tftp-error',
  'decision',
] as const;
const netbootEvent = z.object({
  at: timestamp,
  type: z.enum(NETBOOT_EVENTS),
  address: ipAddress.nullable(),
  /** For a person: the file that was sent, why there was no address, what the machine was told to boot and why. */
  text: text(500),
});
/** Something that a machine did or met on its way from power-on to its kernel. */
export type NetbootEvent = z.infer<typeof netbootEvent>;

export const netboot = z.object({
  machines: z
    .array(z.object({ mac: macAddress, events: z.array(netbootEvent).max(MAX_NETBOOT_EVENTS) }))
    .max(MAX_NETBOOT_MACHINES),
});
/**
 * `bastion-netboot`: the newest events of these machines, oldest first, a level for each machine: it replaces what labd has of it.
 * Sent for all machines after the welcome, and for those with news; not spooled.
 */
export type Netboot = z.infer<typeof netboot>;
