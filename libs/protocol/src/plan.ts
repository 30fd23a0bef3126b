import {
  ADDRESS_METHODS,
  BOOT_ORDERS,
  BOND_MODES,
  INSTALL_STATES,
  INTERFACE_NAME,
  SERVER_PHASES,
  SERVER_ROLES,
  isHostname,
  isInterfaceAddress,
  isProfileName,
} from '@lab/domain';
import { z } from 'zod';
import { count, id, ipAddress, macAddress, text } from './fields.js';

const diskRule = z.object({
  serial: text(128).optional(),
  wwn: text(128).optional(),
  byId: text(256).optional(),
  name: text(64).optional(),
  minSizeBytes: count.optional(),
});
/** Which disk may be installed on. All given keys must match, and exactly one disk may; `{}` is "the only disk". */
export type DiskRule = z.infer<typeof diskRule>;

const networkInterface = z.object({
  ports: z.array(macAddress).min(1).max(64),
  bond: z.object({ name: z.string().regex(INTERFACE_NAME), mode: z.enum(BOND_MODES) }).nullable(),
  vlan: count.min(1).max(4094).nullable(),
  method: z.enum(ADDRESS_METHODS),
  /** With its prefix length. */
  address: z
    .string()
    .max(64)
    .refine(isInterfaceAddress, 'must be an address with its prefix length')
    .nullable(),
  gateway: ipAddress.nullable(),
  nameservers: z.array(ipAddress).max(8),
});
const sshKeys = z.array(text(4096)).max(64);
const installedUser = z.object({
  name: text(32),
  groups: z.array(text(32)).max(16),
  sshKeys,
  sudo: z.boolean(),
});

/** What an install sets up on the new system, beside what its role brings. */
export const installSetup = z.object({
  /** Of root. */
  sshKeys: sshKeys.default([]),
  users: z.array(installedUser).max(32).default([]),
  /** PEM. */
  caCertificates: z.array(text(8192)).max(8).default([]),
  /** Network interfaces; none: DHCP on the NIC that boots. */
  interfaces: z.array(networkInterface).max(64).default([]),
  /** What the firmware is to try first; null: what the profile says. */
  bootOrder: z.enum(BOOT_ORDERS).nullable().default(null),
});
export type InstallSetup = z.infer<typeof installSetup>;

const installPlan = installSetup.extend({
  installId: id,
  attempt: count.min(1),
  state: z.enum(INSTALL_STATES),
  profile: z.string().refine(isProfileName),
  role: z.enum(SERVER_ROLES),
  hostname: z.string().refine(isHostname),
  disk: diskRule,
  /** Whether data on the disk may be erased. */
  allowErase: z.boolean(),
  /** Disk layout by name; null is the role's own. */
  layout: text(64).nullable(),
});
/** Everything that a bastion needs to install a server. */
export type InstallPlan = z.infer<typeof installPlan>;

const serverPlan = z.object({
  serverId: id,
  name: text(253),
  phase: z.enum(SERVER_PHASES),
  /** Those that order it, the one it booted from last first. No two servers share one. */
  macs: z.array(macAddress).max(64),
  /** Never selects a server. */
  uuid: text(64).nullable(),
  /** Serial number of the machine. With the UUID it tells another machine with the same MAC address from this one. */
  serial: text(128).nullable().default(null),
  /** A person has named, ordered or declared something of it. One that isn't may have been invented by anyone. */
  confirmed: z.boolean().default(false),
  action: z.enum(['discover', 'install', 'local-disk']),
  install: installPlan.nullable(),
});
/** What a bastion has to do with one server now. `install` goes with the action of that name. */
export type ServerPlan = z.infer<typeof serverPlan>;

export const plan = z.object({
  generation: count,
  /** True: these are all the servers of the bastion. A full plan may come in parts: only the first has `full`. */
  full: z.boolean(),
  servers: z.array(serverPlan).max(500),
  removed: z.array(id).max(500),
});
/** `labd-plan`: the level that the bastion acts on, kept on its disk. Answered by `bastion-ack`. */
export type Plan = z.infer<typeof plan>;
