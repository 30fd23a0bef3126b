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

/** As numbers. */
export interface Span {
  first: number;
  last: number;
}

/** The host addresses of an IPv4 network: without those of the network itself and of its broadcast. */
export interface Hosts extends Span {
  network: number;
  broadcast: number;
  size: number;
}

/** Undefined for an IPv6 network, and for one without a network and a broadcast address (RFC 3021). */
export function hostsOf(cidr: string): Hosts | undefined {
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
export function defaultRange({ network, size, first, last }: Hosts): Span {
  return {
    first: Math.max(first, network + Math.floor((size * 100) / 256)),
    last: Math.min(last, network + Math.floor((size * 200) / 256)),
  };
}

export const spanOf = ({ first, last }: DhcpRange): Span | undefined => {
  const [from, to] = [ipv4Number(first), ipv4Number(last)];
  return from === undefined || to === undefined ? undefined : { first: from, last: to };
};
export const spansOf = (ranges: readonly DhcpRange[]): Span[] =>
  ranges.flatMap((range) => spanOf(range) ?? []);
export const holds = (span: Span, address: number): boolean => span.first <= address && address <= span.last;
export const touch = (a: Span, b: Span): boolean => a.first <= b.last && b.first <= a.last;
const rangeOf = ({ first, last }: Span): DhcpRange => ({ first: ipv4Text(first), last: ipv4Text(last) });
export const textOf = ({ first, last }: Span): string =>
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
