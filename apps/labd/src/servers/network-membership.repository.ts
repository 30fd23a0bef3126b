import { Prisma, type TransactionClient } from '@lab/database';
import { Injectable } from '@nestjs/common';
import { ServerChanges } from './server-changes.repository.js';

/** The address that a person declared for the NIC `n`, without its prefix length; null if none. */
export const DECLARED_ADDRESS = Prisma.sql`split_part(n.settings->>'address', '/', 1)`;

/**
 * Which network a NIC is in. One that a person declared stays; else it is a network of the server's cloud and environment
 * that the address lies in which a person declared for it; without one, any of those that it was seen with. Of several it
 * is that of the server's own bastion (two sites may use the same addresses), then one that is served, then the smallest.
 */
@Injectable()
export class NetworkMembership {
  constructor(private readonly changes: ServerChanges) {}

  /** For the NICs of these servers. Returns the servers for which something changed; who calls writes their feed rows. */
  async settleServers(tx: TransactionClient, serverIds: readonly string[]): Promise<string[]> {
    if (serverIds.length === 0) return [];
    return this.#settle(tx, Prisma.sql`n.server_id = ANY(${[...serverIds]}::UUID[])`);
  }

  /** After a network came, changed or goes. The servers concerned are changed with it. */
  async settleNetwork(tx: TransactionClient, networkId: string, cidr: string, now: Date): Promise<void> {
    const ids = await this.#settle(
      tx,
      Prisma.sql`(n.network_id = ${networkId}::UUID
        OR ${DECLARED_ADDRESS}::INET <<= ${cidr}::INET
        OR EXISTS (SELECT 1 FROM unnest(n.addresses) AS a(address) WHERE a.address::INET <<= ${cidr}::INET))`,
    );
    await this.changes.touch(tx, ids, now);
  }

  async #settle(tx: TransactionClient, which: Prisma.Sql): Promise<string[]> {
    const rows = await tx.$queryRaw<{ server_id: string }[]>`
      UPDATE server_nics SET network_id = found.network_id
      FROM (
        SELECT n.id, (
          SELECT w.id FROM networks w
          WHERE w.cloud = s.cloud AND w.environment = s.environment
            AND CASE WHEN ${DECLARED_ADDRESS} IS NULL
              THEN EXISTS (SELECT 1 FROM unnest(n.addresses) AS a(address) WHERE a.address::INET <<= w.cidr::INET)
              ELSE ${DECLARED_ADDRESS}::INET <<= w.cidr::INET END
          ORDER BY COALESCE(w.bastion_id = s.bastion_id, FALSE) DESC, w.dhcp_enabled DESC, masklen(w.cidr::INET) DESC, w.name
          LIMIT 1) AS network_id
        FROM server_nics n JOIN servers s ON s.id = n.server_id
        WHERE NOT n.network_declared AND ${which}) AS found
      WHERE server_nics.id = found.id AND server_nics.network_id IS DISTINCT FROM found.network_id
      RETURNING server_nics.server_id`;
    return [...new Set(rows.map((row) => row.server_id))];
  }
}
