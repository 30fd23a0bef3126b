import type { Network, NetworkLease, NetworkReservation } from '@lab/cli-kit';
import { NONE, UNKNOWN, momentAge } from '@lab/cli-kit';
import { DEFAULT_LEASE, ipv4Number } from '@lab/domain';
import { conditionsSection, field, pairs, tableSection } from './description.js';
import { expiryText } from './netboot-description.js';

/** All that `describe network` prints; `now` in milliseconds. */
export function networkDescription(
  network: Network,
  leases: readonly NetworkLease[],
  reservations: readonly NetworkReservation[],
  now: number,
): string {
  const { metadata, spec, status } = network;
  const lines = [
    field('Name', metadata.name),
    field('ID', metadata.id),
    field('Labels', pairs(metadata.labels)),
    field('Annotations', pairs(metadata.annotations)),
    field('Created', `${metadata.createdAt} (${momentAge(metadata.createdAt, now)} ago)`),
    field('Cloud', spec.cloud),
    field('Environment', spec.environment),
    field('CIDR', spec.cidr),
    field('VLAN', spec.vlan),
    field('Gateway', spec.gateway),
    field('Domain', spec.domain),
    field('Nameservers', spec.nameservers?.join(', ')),
    field('Bastion', spec.bastion),
    field('NICs', status.nics),
    ...dhcp(network, leases, now),
    // A labd that is older than we are states none.
    ...conditionsSection((status as Partial<typeof status>).conditions ?? [], now),
    ...(spec.dhcpEnabled ? leasesSection(leases, status.dhcp?.leases ?? 0, now) : []),
    ...tableSection(
      'Reservations',
      ['ADDRESS', 'MAC', 'SERVER'],
      reservations.map(({ address, mac, server }) => [address, mac, server?.name ?? UNKNOWN]),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function dhcp({ spec, status }: Network, leases: readonly NetworkLease[], now: number): string[] {
  const served = status.dhcp;
  if (served === null || (served as unknown) === undefined)
    return [field('DHCP', spec.dhcpEnabled ? 'on' : 'off')];
  if (served.mode === 'proxy')
    return [field('DHCP', 'proxy: another DHCP server gives the addresses, the bastion says what to boot')];
  const exclusions = (spec.dhcp?.exclusions ?? []).map(({ first, last }) =>
    first === last ? first : `${first}-${last}`,
  );
  return [
    field('DHCP', 'full'),
    field('Ranges', served.ranges.join(', '), 2),
    ...(exclusions.length === 0 ? [] : [field('Excluded', exclusions.join(', '), 2)]),
    field('Lease time', durationText(spec.dhcp?.leaseSeconds ?? DEFAULT_LEASE), 2),
    field('In use', inUse(served, leases, now), 2),
  ];
}

/** How much of the ranges is leased; a reservation may be outside of them. */
function inUse(
  { ranges, addresses, leases: total, leasesAt }: NonNullable<Network['status']['dhcp']>,
  leases: readonly NetworkLease[],
  now: number,
): string {
  if (total === null || leasesAt === null)
    return `its bastion has not said yet; ${addresses} addresses in all`;
  const spans = ranges.map((range) => range.split('-').map((end) => ipv4Number(end) ?? Number.NaN));
  const inside = leases.filter(({ address }) => {
    const number = ipv4Number(address) ?? Number.NaN;
    return spans.some(([first = Number.NaN, last = first]) => first <= number && number <= last);
  }).length;
  const rest = total - inside;
  const others = rest > 0 ? `, ${rest} elsewhere` : '';
  return `${inside} of ${addresses} leased${others}, as of ${momentAge(leasesAt, now)} ago`;
}

function leasesSection(leases: readonly NetworkLease[], total: number, now: number): string[] {
  const lines = tableSection(
    'Leases',
    ['ADDRESS', 'MAC', 'SERVER', 'HOST-NAME', 'EXPIRES'],
    leases.map(({ address, mac, server, hostname, expiresAt }) => [
      ...[address, mac, server?.name ?? UNKNOWN],
      ...[hostname ?? NONE, expiryText(expiresAt, now)],
    ]),
  );
  const more = total - leases.length;
  return more > 0 ? [...lines, `  and ${more} more that its bastion did not name`] : lines;
}

/** Seconds as people write them: `1h30m`. */
const durationText = (seconds: number): string =>
  Object.entries({ d: 86_400, h: 3600, m: 60, s: 1 }).reduce<[string, number]>(
    ([text, rest], [unit, size]) =>
      rest < size ? [text, rest] : [`${text}${Math.floor(rest / size)}${unit}`, rest % size],
    ['', seconds],
  )[0];
