import { printable } from '@lab/domain';
import type { DhcpConfig } from '../config.js';
import { admit, placeOf, type HostReservation } from './admission.js';
import { environmentNetwork, isServedByLabd, type DhcpNetwork, type LocalInterface } from './dhcp-network.js';
import { ipv4Network } from './ipv4.js';
import type { NetworksLevel } from './networks.store.js';

/** What is to be served now. */
export interface PlannedSite {
  networks: readonly DhcpNetwork[];
  reservations: readonly HostReservation[];
  /** Why a network of labd isn't served, by its ID. */
  problems: ReadonlyMap<string, string>;
  /** The interface of a network isn't there, by the network's ID: it is served again once it is. */
  gone: ReadonlyMap<string, string>;
  /** What else a person should know, in words. */
  warnings: readonly string[];
  /** When the warnings were first as they are, in ms since the epoch. */
  since: number;
  /** Whether the environment variables' network is among them. */
  hasEnvironment: boolean;
}

export interface SiteFacts {
  /** Null: no interface was given. */
  dhcp: DhcpConfig | null;
  /** What labd wants; null: it has never said, or there is none. */
  level: NetworksLevel | null;
  interfaces: readonly LocalInterface[];
  before: PlannedSite | undefined;
  now: number;
}

/** labd's networks, and the one of the environment variables where labd serves none. */
export function plannedSite({ dhcp, level, interfaces, before, now }: SiteFacts): PlannedSite {
  const given = dhcp?.interfaces ?? [];
  const wanted = level?.networks ?? [];
  const isOverruled = dhcp !== null && isServedByLabd(dhcp, wanted, interfaces);
  const own = dhcp === null || isOverruled ? null : environmentNetwork(dhcp);
  const [first] = given;
  const environment = own === null || first === undefined ? null : { interface: first, mode: own.mode };
  const admission = admit({
    networks: wanted,
    reservations: level?.reservations ?? [],
    ...{ interfaces, given, environment },
  });
  const missing = given.filter(
    (name) => !interfaces.some((entry) => entry.name === name && entry.addresses.length > 0),
  );
  const warnings = [...missing.map(absent), ...admission.warnings];
  return {
    networks: own === null ? admission.networks : [own, ...admission.networks],
    reservations: admission.reservations,
    problems: admission.problems,
    gone: goneOf(admission.networks, { interfaces, given, missing }),
    warnings,
    since: before !== undefined && isSame(before.warnings, warnings) ? before.since : now,
    hasEnvironment: own !== null,
  };
}

const absent = (name: string): string =>
  `the interface ${printable(name)} is not there, is down, or has no IPv4 address`;

/** Without its interface a network looks like one behind a relay. Which it is nobody can tell, so it is said. */
function goneOf(
  networks: readonly DhcpNetwork[],
  site: { interfaces: readonly LocalInterface[]; given: readonly string[]; missing: readonly string[] },
): Map<string, string> {
  const gone = new Map<string, string>();
  if (site.missing.length === 0) return gone;
  for (const { networkId, address, netmask } of networks) {
    if (networkId === null || netmask === null) continue;
    const network = ipv4Network(`${address}/${prefixOf(netmask)}`);
    if (network !== undefined && placeOf(network, site) === null)
      gone.set(networkId, `${site.missing.map(absent).join('; ')}: only what a relay sends is answered`);
  }
  return gone;
}

const prefixOf = (netmask: string): number =>
  netmask
    .split('.')
    .map((octet) => Number(octet).toString(2).replaceAll('0', '').length)
    .reduce((sum, ones) => sum + ones, 0);

const isSame = (a: readonly string[], b: readonly string[]): boolean => a.join('\n') === b.join('\n');
