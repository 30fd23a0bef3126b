import type { ServedNetwork } from '@lab/protocol';
import type { DhcpConfig } from '../config.js';
import { ipv4Network, ipv4Number, ipv4Text, networkAround, overlap, type Ipv4Network } from './ipv4.js';

/** A network as dnsmasq is told of it. Everything in it has been checked. */
export interface DhcpNetwork {
  /** labd's ID of it; null: it comes from the environment variables. */
  networkId: string | null;
  mode: 'full' | 'proxy';
  /** Of the network; null: the one that its interface has. */
  netmask: string | null;
  /** An address in it: its own one. */
  address: string;
  /** IPv4, from the first to the last. Empty: only reservations. */
  ranges: readonly { first: string; last: string }[];
  leaseSeconds: number;
  /** `own`: the bastion's address; `none`: machines are told none. */
  gateway: 'own' | 'none' | { address: string };
  domain: string | null;
  nameservers: readonly string[];
}

/** An interface of this machine with its IPv4 addresses. */
export interface LocalInterface {
  name: string;
  addresses: readonly { address: string; netmask: string }[];
}

const UNITS = { '': 1, m: 60, h: 3_600, d: 86_400 } as const;

/** `30m`, `1h`, `2d`, or seconds; at least the 2 minutes that dnsmasq grants (man page). */
function secondsOf(lease: string): number {
  const [, count = '0', unit = ''] = /^(\d+)([mhd]?)$/.exec(lease) ?? [];
  return Math.max(120, Number(count) * (unit === 'm' || unit === 'h' || unit === 'd' ? UNITS[unit] : 1));
}

/** The network of the environment variables. */
export function environmentNetwork({ mode, range }: DhcpConfig): DhcpNetwork | null {
  if (range === null) return null;
  const { from, to, netmask, lease } = range;
  const network = netmask === null ? undefined : networkAround(from, netmask);
  return {
    networkId: null,
    mode,
    netmask,
    address: network === undefined ? from : ipv4Text(network.first),
    ranges: mode === 'full' ? [{ first: from, last: to }] : [],
    leaseSeconds: secondsOf(lease),
    gateway: 'own',
    domain: null,
    nameservers: [],
  };
}

/**
 * Whether labd serves what the environment variables name: then they don't count. Without a netmask the interface's own says
 * what the network is, as dnsmasq would.
 */
export function isServedByLabd(
  dhcp: DhcpConfig,
  networks: readonly Pick<ServedNetwork, 'cidr'>[],
  interfaces: readonly LocalInterface[],
): boolean {
  if (dhcp.range === null) return false;
  const { from, to, netmask } = dhcp.range;
  const [first, last] = [ipv4Number(from), ipv4Number(to)];
  if (first === undefined || last === undefined) return false;
  const own = netmask === null ? networkOfInterface(dhcp, interfaces, from) : networkAround(from, netmask);
  const claimed = own ?? { first, last };
  return networks.some(({ cidr }) => {
    const network = ipv4Network(cidr);
    return network !== undefined && overlap(network, claimed);
  });
}

function networkOfInterface(
  { interfaces: [name] }: DhcpConfig,
  interfaces: readonly LocalInterface[],
  address: string,
): Ipv4Network | undefined {
  const number = ipv4Number(address) ?? -1;
  return interfaces
    .find((entry) => entry.name === name)
    ?.addresses.map((own) => networkAround(own.address, own.netmask))
    .find((network) => network !== undefined && network.first <= number && number <= network.last);
}
