import { ipv4Number, ipv4Text, parseCidr } from './cidr.js';

/** `full`: the bastion gives the addresses; `proxy`: another DHCP server does, and the bastion only says what to boot. */
export const DHCP_MODES = ['full', 'proxy'] as const;
export type DhcpMode = (typeof DHCP_MODES)[number];

export const MOST_DHCP_RANGES = 16;
export const MOST_DHCP_EXCLUSIONS = 32;
/** Seconds. dnsmasq makes two minutes of anything shorter (its manual, --dhcp-range). */
export const SHORTEST_LEASE = 120;
export const LONGEST_LEASE = 30 * 86_400;
/** Seconds: dnsmasq's own default. */
export const DEFAULT_LEASE = 3600;

/** IPv4 addresses from the first to the last, both included. */
export interface DhcpRange {
  first: string;
  last: string;
}

/** How a network is served; empty ranges stand for the default one. */
export interface DhcpSettings {
  mode: DhcpMode;
  ranges: readonly DhcpRange[];
  exclusions: readonly DhcpRange[];
  leaseSeconds: number;
}

export const DHCP_DEFAULTS: DhcpSettings = {
  mode: 'full',
  ranges: [],
  exclusions: [],
  leaseSeconds: DEFAULT_LEASE,
};

/** What a person says of a network, as far as DHCP is concerned. */
export interface DhcpNetwork {
  cidr: string;
  gateway: string | null;
  nameservers: readonly string[];
  dhcpEnabled: boolean;
  /** Which one serves it; null: none. */
  bastion: string | null;
  /** Null: nothing is said. */
  dhcp: DhcpSettings | null;
}

/** What of it can't be, where, and what to do. */
export interface DhcpFault {
  path: string;
  message: string;
  hint: string;
}

/** As numbers. */
interface Span {
  first: number;
  last: number;
}

/** The host addresses of an IPv4 network: without those of the network itself and of its broadcast. */
interface Hosts extends Span {
  network: number;
  broadcast: number;
  size: number;
}

/** Undefined for an IPv6 network, and for one without a network and a broadcast address (RFC 3021). */
function hostsOf(cidr: string): Hosts | undefined {
  const parsed = parseCidr(cidr);
  if (parsed?.family !== 4 || parsed.prefix > 30) return undefined;
  const network = Number(parsed.bits);
  const size = 2 ** (32 - parsed.prefix);
  const broadcast = network + size - 1;
  return { network, broadcast, size, first: network + 1, last: broadcast - 1 };
}

/** The addresses that no host in that network can have: the network's own, and its broadcast address. */
export function unusableAddresses(cidr: string): string[] {
  const hosts = hostsOf(cidr);
  return hosts === undefined ? [] : [ipv4Text(hosts.network), ipv4Text(hosts.broadcast)];
}

/** 192.168.77.100 to 192.168.77.200 of a /24, and as much in proportion of any other. */
function defaultRange({ network, size, first, last }: Hosts): Span {
  return {
    first: Math.max(first, network + Math.floor((size * 100) / 256)),
    last: Math.min(last, network + Math.floor((size * 200) / 256)),
  };
}

const spanOf = ({ first, last }: DhcpRange): Span | undefined => {
  const [from, to] = [ipv4Number(first), ipv4Number(last)];
  return from === undefined || to === undefined ? undefined : { first: from, last: to };
};
const spansOf = (ranges: readonly DhcpRange[]): Span[] => ranges.flatMap((range) => spanOf(range) ?? []);
const holds = (span: Span, address: number): boolean => span.first <= address && address <= span.last;
const touch = (a: Span, b: Span): boolean => a.first <= b.last && b.first <= a.last;
const rangeOf = ({ first, last }: Span): DhcpRange => ({ first: ipv4Text(first), last: ipv4Text(last) });
const textOf = ({ first, last }: Span): string =>
  first === last ? ipv4Text(first) : `${ipv4Text(first)}-${ipv4Text(last)}`;

/** What is left of the spans. */
function without(spans: readonly Span[], taken: readonly Span[]): Span[] {
  return taken.reduce<Span[]>(
    (left, out) =>
      left.flatMap((span) =>
        touch(span, out)
          ? [
              { first: span.first, last: Math.min(span.last, out.first - 1) },
              { first: Math.max(span.first, out.last + 1), last: span.last },
            ].filter(({ first, last }) => first <= last)
          : [span],
      ),
    [...spans],
  );
}

/**
 * The addresses that are given out in a network that is served: the ranges, or the default one, without the exclusions, the
 * gateway and the addresses in `taken` (the bastion's own). Empty with `proxy`, and for a network that can't be served.
 */
export function servedRanges(
  { cidr, gateway, dhcp }: Pick<DhcpNetwork, 'cidr' | 'gateway' | 'dhcp'>,
  taken: readonly string[],
): DhcpRange[] {
  const { mode, ranges, exclusions } = dhcp ?? DHCP_DEFAULTS;
  const hosts = hostsOf(cidr);
  if (hosts === undefined || mode === 'proxy') return [];
  const wanted = ranges.length === 0 ? [defaultRange(hosts)] : spansOf(ranges);
  const single = [...(gateway === null ? [] : [gateway]), ...taken].map((address) => ({
    first: address,
    last: address,
  }));
  return without(wanted, [...spansOf(exclusions), ...spansOf(single)])
    .sort((a, b) => a.first - b.first)
    .map(rangeOf);
}

/** How many addresses there are in these ranges. */
export const addressCount = (ranges: readonly DhcpRange[]): number =>
  spansOf(ranges).reduce((sum, { first, last }) => sum + last - first + 1, 0);

/** The first thing about a network's DHCP that can't be; undefined: it can be served, or asks for nothing. */
export function dhcpFault(network: DhcpNetwork): DhcpFault | undefined {
  const { cidr, gateway, dhcpEnabled, bastion, dhcp } = network;
  const hosts = hostsOf(cidr);
  if (gateway !== null && hosts !== undefined && unusableAddresses(cidr).includes(gateway)) {
    return {
      path: 'spec.gateway',
      message: `is the ${ipv4Number(gateway) === hosts.network ? 'network’s own' : 'broadcast'} address of ${cidr}`,
      hint: `Choose a host’s address, from ${textOf(hosts)}.`,
    };
  }
  if (!dhcpEnabled && dhcp === null) return undefined;
  if (hosts === undefined) {
    const path = dhcpEnabled ? 'spec.dhcpEnabled' : 'spec.dhcp';
    return parseCidr(cidr)?.family === 4
      ? {
          path,
          message: `${cidr} has no addresses to give out`,
          hint: 'DHCP needs an IPv4 network of /30 or larger.',
        }
      : {
          path,
          message: 'bastions serve no IPv6 networks with DHCP',
          hint: 'Leave it out, and declare the IPv4 network of the same segment.',
        };
  }
  if (dhcpEnabled && bastion === null) {
    return {
      path: 'spec.bastion',
      message: 'is needed with dhcpEnabled: it says who hands out the addresses',
      hint: 'See the bastions with: labctl get bastions',
    };
  }
  return (dhcpEnabled ? nameserverFault(network) : undefined) ?? settingsFault(hosts, network);
}

function nameserverFault({ nameservers }: DhcpNetwork): DhcpFault | undefined {
  const index = nameservers.findIndex((server) => ipv4Number(server) === undefined);
  if (index < 0) return undefined;
  return {
    path: `spec.nameservers.${index}`,
    message: 'must be an IPv4 address: DHCP tells no others',
    hint: 'Take it away, or switch dhcpEnabled off.',
  };
}

function settingsFault(hosts: Hosts, { cidr, gateway, dhcp }: DhcpNetwork): DhcpFault | undefined {
  if (dhcp === null) return undefined;
  const { mode, ranges, exclusions } = dhcp;
  if (mode === 'proxy') {
    const field = ranges.length > 0 ? 'ranges' : exclusions.length > 0 ? 'exclusions' : undefined;
    if (field === undefined) return undefined;
    return {
      path: `spec.dhcp.${field}`,
      message: 'are not for the mode proxy: the other DHCP server gives the addresses',
      hint: `Take the ${field} away, or set spec.dhcp.mode to full.`,
    };
  }
  return (
    rangesFault(hosts, cidr, 'ranges', ranges) ??
    rangesFault(hosts, cidr, 'exclusions', exclusions) ??
    exclusionsFault(hosts, dhcp) ??
    gatewayFault(gateway, dhcp) ??
    emptyFault(hosts, cidr, gateway, dhcp)
  );
}

/** Of ranges as such: that they are some, lie in the network and don't overlap. */
function rangesFault(
  hosts: Hosts,
  cidr: string,
  field: 'ranges' | 'exclusions',
  ranges: readonly DhcpRange[],
): DhcpFault | undefined {
  const seen: Span[] = [];
  for (const [index, range] of ranges.entries()) {
    const path = `spec.dhcp.${field}.${index}`;
    for (const end of ['first', 'last'] as const) {
      if (ipv4Number(range[end]) !== undefined) continue;
      return {
        path: `${path}.${end}`,
        message: 'must be an IPv4 address',
        hint: 'Write four numbers, such as 192.168.77.100.',
      };
    }
    const span = spanOf(range) ?? hosts;
    if (span.last < span.first)
      return {
        path: `${path}.last`,
        message: `${range.last} is before the first address, ${range.first}`,
        hint: 'Exchange them.',
      };
    for (const end of ['first', 'last'] as const) {
      if (holds({ first: hosts.network, last: hosts.broadcast }, span[end])) continue;
      return {
        path: `${path}.${end}`,
        message: `${range[end]} is outside ${cidr}`,
        hint: `Choose addresses from ${textOf(hosts)}.`,
      };
    }
    const special = [hosts.network, hosts.broadcast].find((address) => holds(span, address));
    if (field === 'ranges' && special !== undefined) {
      const what = special === hosts.network ? 'network’s own' : 'broadcast';
      return {
        path,
        message: `holds ${ipv4Text(special)}, the ${what} address`,
        hint: `Choose addresses from ${textOf(hosts)}.`,
      };
    }
    const other = seen.findIndex((before) => touch(before, span));
    if (other >= 0)
      return {
        path,
        message: `overlaps spec.dhcp.${field}.${other}, ${textOf(seen[other] ?? span)}`,
        hint: 'Make one of them, or keep them apart.',
      };
    seen.push(span);
  }
  return undefined;
}

function exclusionsFault(hosts: Hosts, { ranges, exclusions }: DhcpSettings): DhcpFault | undefined {
  const wanted = ranges.length === 0 ? [defaultRange(hosts)] : spansOf(ranges);
  const index = spansOf(exclusions).findIndex((out) => !wanted.some((span) => touch(span, out)));
  if (index < 0) return undefined;
  return {
    path: `spec.dhcp.exclusions.${index}`,
    message: `excludes nothing: what is given out is ${wanted.map(textOf).join(', ')}`,
    hint: 'Take it away, or correct the ranges.',
  };
}

function gatewayFault(gateway: string | null, { ranges, exclusions }: DhcpSettings): DhcpFault | undefined {
  const router = gateway === null ? undefined : ipv4Number(gateway);
  if (router === undefined || spansOf(exclusions).some((out) => holds(out, router))) return undefined;
  const index = spansOf(ranges).findIndex((span) => holds(span, router));
  if (index < 0) return undefined;
  return {
    path: `spec.dhcp.ranges.${index}`,
    message: `holds the gateway, ${ipv4Text(router)}`,
    hint: `Choose another range, or exclude that address with spec.dhcp.exclusions.`,
  };
}

function emptyFault(
  hosts: Hosts,
  cidr: string,
  gateway: string | null,
  dhcp: DhcpSettings,
): DhcpFault | undefined {
  if (servedRanges({ cidr, gateway, dhcp }, []).length > 0) return undefined;
  return {
    path: dhcp.exclusions.length > 0 ? 'spec.dhcp.exclusions' : 'spec.dhcp.ranges',
    message: 'leave no address to give out',
    hint: `Choose ranges from ${textOf(hosts)}.`,
  };
}
