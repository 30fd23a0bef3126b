import {
  ADDRESS_METHODS,
  BOND_MODES,
  INTERFACE_NAME,
  isInterfaceAddress,
  isIpAddress,
  type MacAddress,
} from '@lab/domain';
import { z } from 'zod';
import { macValue } from './render-input.js';

const ipAddress = z.string().refine(isIpAddress, 'must be an IP address');

/** An interface of the new system; the shape of the plan's, in values that are safe on a kickstart's line. */
export const networkInterface = z
  .strictObject({
    ports: z.array(macValue).min(1).max(64),
    bond: z.strictObject({ name: z.string().regex(INTERFACE_NAME), mode: z.enum(BOND_MODES) }).nullable(),
    vlan: z.number().int().min(1).max(4094).nullable(),
    method: z.enum(ADDRESS_METHODS),
    address: z
      .string()
      .refine(
        (value) => isInterfaceAddress(value) && value.includes('/'),
        'must be an address with its prefix length',
      )
      .nullable(),
    gateway: ipAddress.nullable(),
    nameservers: z.array(ipAddress).max(8),
  })
  .refine(
    ({ method, address }) => (method === 'static') === (address !== null),
    'needs an address exactly with the method static',
  );
type Interface = z.output<typeof networkInterface>;

/**
 * The kickstart's `network` commands, `@MAC@` for a NIC's kernel name. The NIC that boots has DHCP unless an interface says
 * else. Only that is activated in the installer: the rest is for the new system, and must not cut the install off.
 */
export function networkCommands(interfaces: readonly Interface[], bootMac: MacAddress): string[] {
  const commands = interfaces.map((each) => command(each, bootMac));
  if (interfaces.some(({ ports }) => ports.includes(bootMac))) return commands;
  return [dhcpOn(bootMac), ...commands];
}

const dhcpOn = (mac: MacAddress): string =>
  `network --device=@${mac}@ --bootproto=dhcp --onboot=yes --activate`;

function command(each: Interface, bootMac: MacAddress): string {
  const { ports, bond, vlan, method } = each;
  const nics = ports.map((mac) => `@${mac}@`);
  const plain = bond === null && vlan === null && method === 'dhcp' && ports.includes(bootMac);
  return [
    'network',
    `--device=${bond?.name ?? nics.join(',')}`,
    ...(bond === null ? [] : [`--bondslaves=${nics.join(',')}`, `--bondopts=mode=${bond.mode},miimon=100`]),
    ...(vlan === null ? [] : [`--vlanid=${vlan}`]),
    ...addressing(each),
    ...(each.nameservers.length === 0 ? [] : [`--nameserver=${each.nameservers.join(',')}`]),
    '--onboot=yes',
    plain ? '--activate' : '--no-activate',
  ].join(' ');
}

function addressing({ method, address, gateway }: Interface): string[] {
  if (method === 'dhcp') return ['--bootproto=dhcp'];
  if (address === null) return ['--noipv4', '--noipv6'];
  const [bare = '', prefix = ''] = address.split('/');
  if (bare.includes(':')) {
    return ['--noipv4', `--ipv6=${address}`, ...(gateway === null ? [] : [`--ipv6gateway=${gateway}`])];
  }
  const route = gateway === null ? [] : [`--gateway=${gateway}`];
  return ['--bootproto=static', `--ip=${bare}`, `--netmask=${netmask(Number(prefix))}`, ...route];
}

const netmask = (prefix: number): string =>
  [0, 8, 16, 24].map((from) => 256 - 2 ** (8 - Math.min(8, Math.max(0, prefix - from)))).join('.');
