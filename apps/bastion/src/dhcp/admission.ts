import { isHostname, printable } from '@lab/domain';
import type { Reservation, ServedNetwork } from '@lab/protocol';
import type { DhcpNetwork, LocalInterface } from './dhcp-network.js';
import { ipv4Network, ipv4Number, isWithin, overlap, type Ipv4Network } from './ipv4.js';

/** What labd wants to be served, and where the bastion is. */
export interface Site {
  networks: readonly ServedNetwork[];
  reservations: readonly Reservation[];
  /** All interfaces of this machine. */
  interfaces: readonly LocalInterface[];
  /** The names of those that may be served. */
  given: readonly string[];
  /** What the environment variables have served already. */
  environment: { interface: string; mode: 'full' | 'proxy' } | null;
}

export interface HostReservation {
  mac: string;
  address: string;
  hostname: string | null;
}

export interface Admission {
  networks: DhcpNetwork[];
  reservations: HostReservation[];
  /** Why a network isn't served, by its ID. */
  problems: Map<string, string>;
  /** What else is wrong, in words. */
  warnings: string[];
}

/** In `dhcp-host` these are a lease time, or mean that the machine is not served (src/option.c, case 'G'). */
const KEYWORD = /^(?:ignore|infinite|\d+[smhdw]?)$/;
const DOMAIN = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/i;
/** RFC 2131 §3.3: all ones mean for ever; dnsmasq counts in 32 bits. */
const MAX_LEASE_SECONDS = 2 ** 31;

/** What of all that can be served, and why the rest can't. labd has checked what is said of a network; nobody but us knows our interfaces. */
export function admit(site: Site): Admission {
  const problems = new Map<string, string>();
  const warnings: string[] = [];
  const admitted: { wanted: ServedNetwork; network: Ipv4Network; at: string | null }[] = [];
  for (const wanted of site.networks) {
    const network = ipv4Network(wanted.cidr);
    const problem =
      network === undefined
        ? `${printable(wanted.cidr)} is not an IPv4 network`
        : (wrongIn(wanted, network) ??
          collision(wanted, network, admitted) ??
          misplaced(wanted, network, site) ??
          otherMode(wanted, placeOf(network, site), admitted, site.environment));
    if (problem !== undefined) problems.set(wanted.networkId, problem.slice(0, 500));
    else if (network !== undefined) admitted.push({ wanted, network, at: placeOf(network, site) });
  }
  const reservations = admitted
    .filter(({ wanted }) => wanted.mode === 'full')
    .flatMap(({ wanted, network }) =>
      reservationsIn(
        site.reservations.filter(({ networkId }) => networkId === wanted.networkId),
        { name: wanted.name, network, own: ownAddresses(site) },
        warnings,
      ),
    );
  return {
    networks: admitted.map(({ wanted, network }) => dhcpNetwork(wanted, network)),
    reservations,
    problems,
    warnings,
  };
}

const dhcpNetwork = (wanted: ServedNetwork, { netmask }: Ipv4Network): DhcpNetwork => ({
  networkId: wanted.networkId,
  mode: wanted.mode,
  netmask,
  address: wanted.cidr.split('/')[0] ?? '',
  ranges: wanted.mode === 'full' ? wanted.ranges : [],
  leaseSeconds: wanted.leaseSeconds,
  gateway: wanted.gateway === null ? 'none' : { address: wanted.gateway },
  domain: wanted.domain,
  // Option 6 has IPv4 addresses only.
  nameservers: wanted.nameservers.filter((address) => ipv4Number(address) !== undefined),
});

function wrongIn(wanted: ServedNetwork, network: Ipv4Network): string | undefined {
  if (network.prefix < 8 || network.prefix > 30)
    return `${wanted.cidr} has ${network.prefix < 8 ? 'too many' : 'too few'} addresses for DHCP: choose a prefix length from 8 to 30`;
  if (wanted.gateway !== null && ipv4Number(wanted.gateway) === undefined)
    return `the gateway ${printable(wanted.gateway)} is not an IPv4 address`;
  if (wanted.domain !== null && !DOMAIN.test(wanted.domain))
    return `the domain ${printable(wanted.domain)} has characters that no domain has`;
  if (wanted.leaseSeconds > MAX_LEASE_SECONDS) return `a lease of ${wanted.leaseSeconds} seconds is too long`;
  if (wanted.mode === 'proxy') return undefined;
  const seen: { first: number; last: number; text: string }[] = [];
  for (const range of wanted.ranges) {
    const text = `${printable(range.first)}-${printable(range.last)}`;
    const [first, last] = [ipv4Number(range.first), ipv4Number(range.last)];
    if (first === undefined || last === undefined) return `the range ${text} is not of IPv4 addresses`;
    if (first > last) return `the range ${text} ends before it begins`;
    if (first <= network.first || last >= network.last)
      return `the range ${text} is not inside ${wanted.cidr}, without its first and last address`;
    const other = seen.find((before) => overlap(before, { first, last }));
    if (other !== undefined) return `the ranges ${other.text} and ${text} overlap`;
    seen.push({ first, last, text });
  }
  return undefined;
}

function collision(
  wanted: ServedNetwork,
  network: Ipv4Network,
  admitted: readonly { wanted: ServedNetwork; network: Ipv4Network }[],
): string | undefined {
  const other = admitted.find((before) => overlap(before.network, network));
  return other === undefined
    ? undefined
    : `${wanted.cidr} overlaps ${other.wanted.cidr} of the network ${printable(other.wanted.name)}, which is served`;
}

/** The given interface that has an address in the network; null: a relay has to send its requests. */
export const placeOf = (
  network: Ipv4Network,
  { interfaces, given }: Pick<Site, 'interfaces' | 'given'>,
): string | null =>
  interfaces.find(({ name, addresses }) => given.includes(name) && hasAddressIn(network, addresses))?.name ??
  null;

const hasAddressIn = (network: Ipv4Network, addresses: LocalInterface['addresses']): boolean =>
  addresses.some(({ address }) => isWithin(network, ipv4Number(address) ?? -1));

function misplaced(wanted: ServedNetwork, network: Ipv4Network, site: Site): string | undefined {
  if (site.given.length === 0)
    return 'this bastion was given no interface to serve: set BASTION_DHCP_INTERFACE, and start it again';
  if (placeOf(network, site) !== null) return undefined;
  const other = site.interfaces.find(({ addresses }) => hasAddressIn(network, addresses));
  if (other !== undefined)
    return `${wanted.cidr} is on the interface ${printable(other.name)}, which this bastion was not given: add it to BASTION_DHCP_INTERFACE, and start it again`;
  return undefined;
}

/** Who asks on an interface doesn't say which of its networks it means: one can't give addresses where another must not. */
function otherMode(
  wanted: ServedNetwork,
  at: string | null,
  admitted: readonly { wanted: ServedNetwork; at: string | null }[],
  environment: Site['environment'],
): string | undefined {
  if (at === null) return undefined;
  if (environment?.interface === at && environment.mode !== wanted.mode)
    return `BASTION_DHCP_RANGE is on the same interface ${at}, with DHCP mode ${environment.mode}: both need the same`;
  const other = admitted.find((before) => before.at === at && before.wanted.mode !== wanted.mode);
  return other === undefined
    ? undefined
    : `the network ${printable(other.wanted.name)} is on the same interface ${at}, with DHCP mode ${other.wanted.mode}: both need the same`;
}

const ownAddresses = ({ interfaces }: Site): ReadonlySet<string> =>
  new Set(interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address)));

function reservationsIn(
  wanted: readonly Reservation[],
  at: { name: string; network: Ipv4Network; own: ReadonlySet<string> },
  warnings: string[],
): HostReservation[] {
  const taken = new Map<string, string>();
  const macs = new Set<string>();
  const kept: HostReservation[] = [];
  for (const { mac, address, hostname } of wanted) {
    const number = ipv4Number(address);
    const why =
      number === undefined || number <= at.network.first || number >= at.network.last
        ? 'it is not an address of that network'
        : at.own.has(address)
          ? 'it is an address of the bastion'
          : taken.has(address)
            ? `it is reserved for ${taken.get(address)}`
            : macs.has(mac)
              ? 'that NIC has another address there'
              : undefined;
    if (why !== undefined) {
      warnings.push(`${address} in ${printable(at.name)} is not reserved for ${mac}: ${why}`);
      continue;
    }
    taken.set(address, mac);
    macs.add(mac);
    // A host name that dnsmasq would refuse, or take for something else, must not cost the address.
    const name = hostname?.toLowerCase() ?? '';
    const isName = isHostname(name) && !name.includes('.') && !KEYWORD.test(name);
    kept.push({ mac, address, hostname: isName ? name : null });
  }
  return kept;
}
