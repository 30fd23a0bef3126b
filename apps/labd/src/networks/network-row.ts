import { DHCP_DEFAULTS, addressCount, servedRanges, type DhcpSettings } from '@lab/domain';
import { metadataOf, type CommonRow } from '../resources/common-columns.js';
import type { ConditionDto } from '../servers/condition.dto.js';
import { bastionAddresses } from '../servers/declared-addresses.repository.js';
import type { NetworkDto } from './network.dto.js';

/** A network with its bastion, as `networks.repository.ts` selects it. */
export interface NetworkRow extends CommonRow {
  cloud: string;
  environment: string;
  cidr: string;
  vlan: number | null;
  gateway: string | null;
  domain: string | null;
  nameservers: string[];
  dhcp_enabled: boolean;
  dhcp: DhcpSettings | null;
  bastion: string | null;
  bastion_url: string | null;
  conditions: ConditionDto[];
  leases: number | null;
  leases_at: Date | null;
  nics: number;
  reservations: number;
}

/** The resource as `get` shows it. */
export const toNetwork = (row: NetworkRow): NetworkDto => ({
  apiVersion: 'lab/v1',
  kind: 'Network',
  metadata: metadataOf(row),
  spec: {
    cloud: row.cloud,
    environment: row.environment,
    cidr: row.cidr,
    vlan: row.vlan,
    gateway: row.gateway,
    domain: row.domain,
    nameservers: row.nameservers.length === 0 ? null : row.nameservers,
    dhcpEnabled: row.dhcp_enabled,
    dhcp: row.dhcp === null ? null : settingsOf(row.dhcp),
    bastion: row.bastion,
  },
  status: {
    nics: row.nics,
    dhcp: row.dhcp_enabled ? served(row) : null,
    conditions: row.conditions,
  },
});

/** In the order in which it is written. */
const settingsOf = ({ mode, ranges, exclusions, leaseSeconds }: DhcpSettings) => ({
  mode,
  ranges: ranges.map(({ first, last }) => ({ first, last })),
  exclusions: exclusions.map(({ first, last }) => ({ first, last })),
  leaseSeconds,
});

function served(row: NetworkRow): NetworkDto['status']['dhcp'] {
  const ranges = servedRanges(row, bastionAddresses(row.bastion_url));
  return {
    mode: (row.dhcp ?? DHCP_DEFAULTS).mode,
    ranges: ranges.map(({ first, last }) => (first === last ? first : `${first}-${last}`)),
    addresses: addressCount(ranges),
    reservations: row.reservations,
    leases: row.leases,
    leasesAt: row.leases_at?.toISOString() ?? null,
  };
}
