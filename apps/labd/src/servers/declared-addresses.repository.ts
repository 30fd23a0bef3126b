import { LabError, cidrContains, ipv4Number, parseCidr, unusableAddresses } from '@lab/domain';
import type { TransactionClient } from '@lab/database';
import { Injectable } from '@nestjs/common';
import { DECLARED_ADDRESS } from './network-membership.repository.js';

/** A network, and the base URL of the bastion that serves it. */
interface AddressedNetwork {
  cidr: string;
  gateway: string | null;
  bastion_url: string | null;
}

/**
 * The addresses that NICs are declared with: in one network each has its own. What is refused here was read in the same
 * serializable transaction, so that of two writers at once one finds the other's.
 */
@Injectable()
export class DeclaredAddresses {
  /** Raises `invalid` that names the NIC of the server whose address is somebody else's. */
  async refuseTakenBy(
    tx: TransactionClient,
    serverId: string,
    nics: readonly { mac: string; address?: string }[],
  ): Promise<void> {
    if (nics.every(({ address }) => address === undefined)) return;
    const rows = await tx.$queryRaw<(AddressedNetwork & Taken)[]>`
      SELECT n.mac, ${DECLARED_ADDRESS} AS address, w.name AS network, w.cidr, w.gateway, b.url AS bastion_url,
        EXISTS (SELECT 1 FROM server_nics o WHERE o.network_id = n.network_id AND o.id <> n.id
          AND split_part(o.settings->>'address', '/', 1) = ${DECLARED_ADDRESS}) AS twice
      FROM server_nics n JOIN networks w ON w.id = n.network_id LEFT JOIN bastions b ON b.id = w.bastion_id
      WHERE n.server_id = ${serverId}::UUID AND n.settings->>'address' IS NOT NULL
      ORDER BY n.name, n.mac`;
    for (const row of rows) {
      const whose = row.twice ? 'another NIC’s' : ownerIn(row, row.address);
      if (whose === undefined) continue;
      const path = `spec.nics.${nics.findIndex(({ mac }) => mac === row.mac)}.address`;
      throw new LabError('invalid', `${path}: ${row.address} is ${whose} in the network ${row.network}`, {
        hint: `See whose addresses there are with: labctl describe network ${row.network}`,
        errors: [{ path, message: `is ${whose}` }],
      });
    }
  }

  /** Raises `invalid` for a network in which NICs are declared with one address, or with one that is the network's own. */
  async refuseTakenIn(tx: TransactionClient, networkId: string): Promise<void> {
    const [network] = await tx.$queryRaw<AddressedNetwork[]>`
      SELECT w.cidr, w.gateway, b.url AS bastion_url FROM networks w LEFT JOIN bastions b ON b.id = w.bastion_id
      WHERE w.id = ${networkId}::UUID`;
    if (network === undefined) return;
    const { cidr, gateway, bastion_url } = network;
    const own = [
      ...unusableAddresses(cidr),
      ...(gateway === null ? [] : [gateway]),
      ...bastionAddresses(bastion_url),
    ];
    const [taken] = await tx.$queryRaw<{ address: string; times: number }[]>`
      SELECT ${DECLARED_ADDRESS} AS address, count(*)::INT4 AS times FROM server_nics n
      WHERE n.network_id = ${networkId}::UUID AND n.settings->>'address' IS NOT NULL
      GROUP BY 1 HAVING count(*) > 1 OR ${DECLARED_ADDRESS} = ANY(${own}::TEXT[]) ORDER BY 1 LIMIT 1`;
    if (taken === undefined) return;
    const { address, times } = taken;
    const whose = ownerIn(network, address);
    if (whose === undefined)
      throw refused('spec.cidr', `${times} NICs of servers are declared with the address ${address}`);
    const path = whose === GATEWAY ? 'spec.gateway' : whose === BASTION ? 'spec.bastion' : 'spec.cidr';
    throw refused(path, `a server’s NIC is declared with ${address}, which is ${whose}`);
  }
}

interface Taken {
  mac: string;
  address: string;
  network: string;
  twice: boolean;
}

const GATEWAY = 'the gateway’s address';
const BASTION = 'the bastion’s address';

/** Whose the address is, if no NIC may have it. */
function ownerIn({ cidr, gateway, bastion_url }: AddressedNetwork, address: string): string | undefined {
  const parsed = parseCidr(cidr);
  if (parsed === undefined || !cidrContains(parsed, address)) return undefined;
  if (unusableAddresses(cidr).includes(address)) return 'the address of the network itself or its broadcast';
  if (address.toLowerCase() === gateway) return GATEWAY;
  return bastionAddresses(bastion_url).includes(address) ? BASTION : undefined;
}

/** The IPv4 address in the base URL of a bastion, if it has one. */
export function bastionAddresses(url: string | null): string[] {
  const host = url !== null && URL.canParse(url) ? new URL(url).hostname : '';
  return ipv4Number(host) === undefined ? [] : [host];
}

const refused = (path: string, message: string): LabError =>
  new LabError('invalid', `${path}: ${message}`, {
    hint: 'See the servers’ NICs with: labctl get servers -o wide; change theirs, or choose another address here.',
    errors: [{ path, message }],
  });
