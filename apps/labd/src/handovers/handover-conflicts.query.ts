import type { TransactionClient } from '@lab/database';
import { Injectable } from '@nestjs/common';
import type { HandoverConflictDto } from './handover.dto.js';

/** What is to come, as far as it may be in the way of what is there. */
export interface Coming {
  /** The bastion that brings it: its own rows are in nobody's way. */
  bastionId: string | undefined;
  bastion: string | undefined;
  servers: readonly { id: string; name: string }[];
  /** MAC addresses that servers boot from or that were declared; `id` and `name` are the server's. */
  macs: readonly { id: string; name: string; mac: string }[];
  networks: readonly string[];
  clusters: readonly string[];
}

const MOST_NAMED = 100;

/** Names, IDs and MAC addresses that another resource has. One statement, however much is asked. */
@Injectable()
export class HandoverConflicts {
  async find(tx: TransactionClient, coming: Coming): Promise<HandoverConflictDto[]> {
    const { bastionId = null, bastion = null, servers, macs, networks, clusters } = coming;
    return tx.$queryRaw<HandoverConflictDto[]>`
      SELECT c.kind, c.name, c.reason FROM (
        SELECT 'Bastion' AS kind, b.name, 'there is a bastion of that name' AS reason FROM bastions b
          WHERE b.name = ${bastion} AND b.id IS DISTINCT FROM ${bastionId}::UUID
        UNION ALL
        SELECT 'Network', w.name, 'there is a network of that name' FROM networks w
          WHERE w.name IN (SELECT jsonb_array_elements_text(${JSON.stringify(networks)}::JSONB))
        UNION ALL
        SELECT 'Cluster', k.name, 'there is a cluster of that name' FROM clusters k
          WHERE k.name IN (SELECT jsonb_array_elements_text(${JSON.stringify(clusters)}::JSONB))
        UNION ALL
        SELECT 'Server', s.name, 'there is a server of that name' FROM servers s
          JOIN jsonb_to_recordset(${JSON.stringify(servers)}::JSONB) AS v(name TEXT) ON v.name = s.name
        UNION ALL
        SELECT 'Server', v.name, 'it is here already, as ' || s.name FROM servers s
          JOIN jsonb_to_recordset(${JSON.stringify(servers)}::JSONB) AS v(id UUID, name TEXT) ON v.id = s.id
          WHERE s.name <> v.name
        UNION ALL
        SELECT 'Server', v.name, 'server ' || s.name || ' has its MAC address ' || n.mac
        FROM jsonb_to_recordset(${JSON.stringify(macs)}::JSONB) AS v(id UUID, name TEXT, mac TEXT)
          JOIN server_nics n ON n.mac = v.mac AND (n.boot OR n.declared) AND n.server_id <> v.id
          JOIN servers s ON s.id = n.server_id
      ) AS c ORDER BY c.kind, c.name, c.reason LIMIT ${MOST_NAMED}`;
  }
}
