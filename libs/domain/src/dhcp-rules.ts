import { ipv4Number, ipv4Text, parseCidr } from './cidr.js';
import {
  defaultRange,
  holds,
  hostsOf,
  servedRanges,
  spanOf,
  spansOf,
  textOf,
  touch,
  unusableAddresses,
  type DhcpNetwork,
  type DhcpRange,
  type DhcpSettings,
  type Hosts,
  type Span,
} from './dhcp.js';

/** What of it can't be, where, and what to do. */
export interface DhcpFault {
  path: string;
  message: string;
  hint: string;
}

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
