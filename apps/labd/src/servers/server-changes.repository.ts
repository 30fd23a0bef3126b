import type { TransactionClient } from '@lab/database';
import { Injectable } from '@nestjs/common';
import type { ServerDto } from './server.dto.js';
import { ServerListQuery } from './server-list.query.js';

/** A server that a transaction has written; of a deleted one, what it was. */
export type ServerChange =
  { type: 'added' | 'modified'; id: string } | { type: 'deleted'; server: ServerDto };

/**
 * What goes along with every change of servers, in its transaction: rows for those who watch, and a new generation of
 * the plans of the bastions concerned.
 */
@Injectable()
export class ServerChanges {
  constructor(private readonly servers: ServerListQuery) {}

  /** Call it once, after the writes. Seven statements at most, however many servers. */
  async record(tx: TransactionClient, changes: readonly ServerChange[], now: Date): Promise<void> {
    if (changes.length === 0) return;
    const deleted = changes.flatMap((change) => (change.type === 'deleted' ? [change.server] : []));
    const written = new Map(
      changes.flatMap((change) => (change.type === 'deleted' ? [] : [[change.id, change.type]])),
    );
    const ids = [...written.keys()];
    const bastionsOfDeleted = deleted.flatMap(({ status }) =>
      status.bastion === null ? [] : [status.bastion.id],
    );
    await tx.$executeRaw`
      UPDATE bastions SET plan_generation = plan_generation + 1
      WHERE id IN (SELECT bastion_id FROM servers WHERE id = ANY(${ids}::UUID[])) OR id = ANY(${bastionsOfDeleted}::UUID[])`;
    if (ids.length > 0) {
      await tx.$executeRaw`
        UPDATE servers SET plan_generation = b.plan_generation FROM bastions b
        WHERE b.id = servers.bastion_id AND servers.id = ANY(${ids}::UUID[])`;
    }
    const servers = await this.servers.byIds(ids, tx);
    const rows = [
      ...servers.map((server) => feedRow(written.get(server.metadata.id) ?? 'modified', server, now)),
      ...deleted.map((server) => feedRow('deleted', server, now)),
    ];
    await tx.$executeRaw`
      INSERT INTO feed_events (type, at, kind, resource_id, resource_name, resource_version, cloud, environment, object)
      SELECT v.type, v.at, v.kind, v.resource_id, v.resource_name, v.resource_version, v.cloud, v.environment, v.object
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::JSONB) AS v(type TEXT, at TIMESTAMPTZ, kind TEXT, resource_id TEXT,
        resource_name TEXT, resource_version INT4, cloud TEXT, environment TEXT, object JSONB)`;
  }

  /** For a server that leaves its bastion: the plan of that one changes too. */
  async releaseFrom(tx: TransactionClient, bastionIds: readonly string[]): Promise<void> {
    if (bastionIds.length === 0) return;
    await tx.$executeRaw`
      UPDATE bastions SET plan_generation = plan_generation + 1 WHERE id = ANY(${[...bastionIds]}::UUID[])`;
  }
}

const feedRow = (type: 'added' | 'modified' | 'deleted', server: ServerDto, at: Date) => ({
  type,
  at,
  kind: server.kind,
  resource_id: server.metadata.id,
  resource_name: server.metadata.name,
  resource_version: server.metadata.version,
  cloud: server.spec.cloud,
  environment: server.spec.environment,
  object: server,
});
