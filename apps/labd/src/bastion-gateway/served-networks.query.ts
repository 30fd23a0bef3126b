import {
  DHCP_DEFAULTS,
  cidrContains,
  dhcpFault,
  parseCidr,
  parseMac,
  servedRanges,
  unusableAddresses,
  type DhcpSettings,
} from '@lab/domain';
import { Prisma, type Database } from '@lab/database';
import type { Reservation, ServedNetwork } from '@lab/protocol';
import { Inject, Injectable } from '@nestjs/common';
import { DATABASE } from '../injection-tokens.js';
import { bastionAddresses } from '../servers/declared-addresses.repository.js';
import { DECLARED_ADDRESS } from '../servers/network-membership.repository.js';
import type { ServedLevel } from './served-level.js';

interface NetworkRow {
  id: string;
  name: string;
  cidr: string;
  gateway: string | null;
  domain: string | null;
  nameservers: string[];
  dhcp: DhcpSettings | null;
  bastion: string;
  bastion_url: string | null;
}

interface ReservationRow {
  network_id: string;
  mac: string;
  address: string;
  server: string;
}

/** The networks `w` that a bastion serves, and the NICs `n` of servers `s` that are declared with an address there. */
const SERVED = Prisma.sql`w.dhcp_enabled AND w.bastion_id`;
const FROM_DECLARED = Prisma.sql`networks w JOIN server_nics n ON n.network_id = w.id JOIN servers s ON s.id = n.server_id`;

/** What bastions serve with DHCP, as it is stored now. */
@Injectable()
export class ServedNetworksQuery {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Another one means that the level may be another; undefined: there is no such bastion. One statement. */
  async fingerprint(bastionId: string): Promise<string | undefined> {
    const [row] = await this.database.client.$queryRaw<{ fingerprint: string }[]>`
      SELECT md5(COALESCE(b.url, '') || '#' ||
        COALESCE((SELECT string_agg(w.id::TEXT || '|' || w.name || '|' || w.cidr || '|' || COALESCE(w.gateway, '') || '|' ||
            COALESCE(w.domain, '') || '|' || w.nameservers::TEXT || '|' || COALESCE(w.dhcp::TEXT, ''), ';' ORDER BY w.id)
          FROM networks w WHERE ${SERVED} = b.id), '') || '#' ||
        COALESCE((SELECT string_agg(w.id::TEXT || n.mac || ${DECLARED_ADDRESS} || s.name, ';' ORDER BY w.id, n.mac, s.name)
          FROM ${FROM_DECLARED} WHERE ${SERVED} = b.id AND n.settings->>'address' IS NOT NULL), '')) AS fingerprint
      FROM bastions b WHERE b.id = ${bastionId}::UUID`;
    return row?.fingerprint;
  }

  /** Two statements, however many networks and NICs. */
  async level(bastionId: string): Promise<ServedLevel> {
    const rows = await this.database.client.$queryRaw<NetworkRow[]>`
      SELECT w.id, w.name, w.cidr, w.gateway, w.domain, w.nameservers, w.dhcp, b.name AS bastion, b.url AS bastion_url
      FROM networks w JOIN bastions b ON b.id = w.bastion_id
      WHERE ${SERVED} = ${bastionId}::UUID ORDER BY w.name`;
    // Rules may have become stricter since it was written.
    const possible = rows.filter((row) => dhcpFault({ ...row, dhcpEnabled: true }) === undefined);
    const declared = await this.database.client.$queryRaw<ReservationRow[]>`
      SELECT w.id AS network_id, n.mac, ${DECLARED_ADDRESS} AS address, s.name AS server FROM ${FROM_DECLARED}
      WHERE ${SERVED} = ${bastionId}::UUID AND n.settings->>'address' IS NOT NULL
      ORDER BY w.name, n.boot DESC, s.name, n.mac`;
    return { networks: possible.map(toServed), reservations: reservationsOf(possible, declared) };
  }
}

function toServed({
  id,
  name,
  cidr,
  gateway,
  domain,
  nameservers,
  dhcp,
  bastion_url,
}: NetworkRow): ServedNetwork {
  const { mode, leaseSeconds } = dhcp ?? DHCP_DEFAULTS;
  const ranges = servedRanges({ cidr, gateway, dhcp }, bastionAddresses(bastion_url));
  return { networkId: id, name, cidr, mode, ranges, leaseSeconds, gateway, domain, nameservers };
}

/**
 * Those that hold: of a network that is served in full, in it, and each address and each NIC once. What can't be was refused
 * when it was written; a bastion's own address may have changed since.
 */
function reservationsOf(networks: readonly NetworkRow[], rows: readonly ReservationRow[]): Reservation[] {
  const byId = new Map(networks.map((network) => [network.id, network]));
  const taken = new Set<string>(
    networks.flatMap(({ id, cidr, gateway, bastion_url }) =>
      [...unusableAddresses(cidr), gateway ?? '', ...bastionAddresses(bastion_url)].map(
        (each) => `${id} ${each}`,
      ),
    ),
  );
  const reservations: Reservation[] = [];
  for (const { network_id: networkId, mac, address, server } of rows) {
    const network = byId.get(networkId);
    const parsed = parseCidr(network?.cidr ?? '');
    const parsedMac = parseMac(mac);
    if (network === undefined || parsed === undefined || parsedMac === undefined) continue;
    if ((network.dhcp ?? DHCP_DEFAULTS).mode === 'proxy' || !cidrContains(parsed, address)) continue;
    const keys = [`${networkId} ${address}`, `${networkId} ${mac}`];
    if (keys.some((key) => taken.has(key))) continue;
    for (const key of keys) taken.add(key);
    // A label of a domain name has 63 characters at most (RFC 1035 §2.3.4).
    reservations.push({ networkId, mac: parsedMac, address, hostname: server.split('.')[0] ?? null });
  }
  return reservations;
}
