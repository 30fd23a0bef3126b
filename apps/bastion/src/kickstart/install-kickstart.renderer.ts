import { BOOT_ORDERS, LabError, isHostname, isId, macInPath } from '@lab/domain';
import { z } from 'zod';
import type { BastionAssets } from './assets.loader.js';
import { addressesOf } from './profile-addresses.js';
import { diskValue, httpUrl, shellData, sshKey, token, userName, type ValueRule } from './context-values.js';
import { networkCommands, networkInterface } from './network-commands.js';
import { pemCertificate } from './pem-certificate.js';
import { checkSections } from './kickstart-sections.js';
import { packagesFor } from './package.schema.js';
import { macValue, parseInput } from './render-input.js';
import type { Layout, Profile, RoleData } from './profile.schema.js';

const by = (rule: ValueRule) => z.string().refine(rule.accepts, rule.rule);

/** The bastion's address as machines reach it, without a trailing slash: `http://192.168.77.1:7071`. */
export const bastionUrl = by(httpUrl).transform((url) => url.replace(/\/+$/, ''));

const inputSchema = z.object({
  bastionUrl,
  /** For progress and logs, valid until the install has ended. */
  reportToken: by(token),
  installId: z.string().refine(isId, 'must be a UUID'),
  server: z.string().refine(isHostname, 'must be an RFC 1123 name'),
  /** The NIC that boots. */
  mac: macValue,
  hostname: z.string().refine(isHostname, 'must be an RFC 1123 host name'),
  profile: z.string(),
  role: z.string(),
  /** All given keys must match; `{}` is "the only disk". */
  disk: z
    .strictObject({
      serial: by(diskValue).optional(),
      wwn: by(diskValue).optional(),
      byId: by(diskValue).optional(),
      name: by(diskValue).optional(),
      minSizeBytes: z.number().int().nonnegative().optional(),
    })
    .default({}),
  allowErase: z.boolean(),
  /** null: the role's own. */
  layout: z.string().nullable().default(null),
  /** For root. */
  sshKeys: z.array(by(sshKey)).max(64).default([]),
  users: z
    .array(
      z.strictObject({
        name: by(userName).refine((name) => name !== 'root', 'must not be root: sshKeys are root’s'),
        groups: z.array(by(userName)).max(16).default([]),
        sshKeys: z.array(by(sshKey)).max(64).default([]),
        sudo: z.boolean().default(false),
      }),
    )
    .max(32)
    .default([]),
  /** PEM, one certificate each. */
  caCertificates: z.array(pemCertificate).max(8).default([]),
  /** Network interfaces of the new system; the NIC that boots gets DHCP if none is about it. */
  interfaces: z.array(networkInterface).max(64).default([]),
  /** What UEFI is to try first; null: what the profile says. */
  bootOrder: z.enum(BOOT_ORDERS).nullable().default(null),
});
export type InstallKickstartInput = z.input<typeof inputSchema>;
type Input = z.output<typeof inputSchema>;

/**
 * The kickstart of one install. Raises `invalid` with the field for a value that is not allowed in it, `not-found` for an
 * unknown profile, role or layout. The text holds the report token: serve it once, log it never.
 */
export function renderInstallKickstart(assets: BastionAssets, raw: InstallKickstartInput): string {
  const input = parseInput(inputSchema, raw, 'The install');
  const profile = named(assets.profiles, input.profile, 'profile');
  const role = named(assets.roles, input.role, 'role');
  const layout = named(assets.layouts, input.layout ?? role.layout, 'layout');
  const text = assets.kickstart(profile.kickstart, {
    title: profile.title,
    hostname: input.hostname,
    role: role.name,
    repository: addressesOf(profile, input.bastionUrl).repository ?? '',
    packages: packagesFor(profile.family, profile.packages, role.packages).map(({ name }) => name),
    data: shellData(sectionData(input, profile, role, layout)),
    scripts: assets.scripts,
  });
  return checkSections(text);
}

function sectionData(input: Input, profile: Profile, role: RoleData, layout: Layout) {
  const k3s = role.k3s;
  return {
    LAB_URL: input.bastionUrl,
    LAB_TOKEN: input.reportToken,
    LAB_INSTALL_ID: input.installId,
    LAB_SERVER: input.server,
    LAB_MAC: macInPath(input.mac),
    LAB_HOSTNAME: input.hostname,
    LAB_PROFILE: profile.name,
    LAB_ROLE: role.name,
    LAB_MIN_MEMORY_BYTES: String(profile.minMemoryBytes),
    LAB_DISK_SERIAL: input.disk.serial ?? '',
    LAB_DISK_WWN: input.disk.wwn ?? '',
    LAB_DISK_BY_ID: input.disk.byId ?? '',
    LAB_DISK_NAME: input.disk.name ?? '',
    LAB_DISK_MIN_BYTES: input.disk.minSizeBytes === undefined ? '' : String(input.disk.minSizeBytes),
    LAB_ALLOW_ERASE: input.allowErase ? 'yes' : 'no',
    LAB_BOOT_ORDER: input.bootOrder ?? profile.bootOrder,
    LAB_FILESYSTEM: profile.filesystem,
    LAB_LAYOUT: layout.name,
    LAB_LAYOUT_MIN_BYTES: String(layout.minDiskBytes),
    LAB_LAYOUT_GROUP: layout.group,
    LAB_LAYOUT_VOLUMES: layout.volumes.map(
      (volume) =>
        `logvol ${volume.mount} --vgname=${layout.group} --name=${volume.name} --fstype=${profile.filesystem} --size=${volume.sizeMiB}`,
    ),
    LAB_SSH_KEYS: input.sshKeys,
    LAB_USERS: input.users.map((user) => user.name),
    LAB_USER_GROUPS: input.users.map((user) => user.groups.join(',')),
    LAB_USER_KEYS: input.users.flatMap((user) => user.sshKeys.map((key) => `${user.name} ${key}`)),
    LAB_SUDOERS: input.users.filter((user) => user.sudo).map((user) => user.name),
    LAB_CA_CERTIFICATES: input.caCertificates,
    LAB_NETWORK: networkCommands(input.interfaces, input.mac),
    LAB_K3S_MODULES: k3s?.modules ?? [],
    LAB_K3S_SYSCTL: Object.entries(k3s?.sysctl ?? {}).map(([key, value]) => `${key} = ${value}`),
    LAB_K3S_PORTS: k3s?.firewall.ports ?? [],
    LAB_K3S_TRUSTED: k3s?.firewall.trusted ?? [],
  };
}

/** The item of that name; raises `not-found` that lists the names there are. */
export function named<T>(items: ReadonlyMap<string, T>, name: string, kind: string): T {
  const item = items.get(name);
  if (item !== undefined) return item;
  throw new LabError('not-found', `There is no ${kind} "${name.slice(0, 80).replace(/[^ -~]/g, '?')}".`, {
    hint: `The bastion has: ${[...items.keys()].join(', ') || 'none'}.`,
    errors: [{ path: kind, message: 'is unknown' }],
  });
}
