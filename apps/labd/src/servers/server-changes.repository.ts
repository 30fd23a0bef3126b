import type { TransactionClient } from '@lab/database';
import { Injectable } from '@nestjs/common';
import { FeedWriter, type FeedChange } from '../feed/feed-writer.repository.js';
import type { ServerDto } from './server.dto.js';
import { ServerListQuery } from './server-list.query.js';

/** A server that a transaction has written; of a deleted one, what it was. */
export type ServerChange =
  | { type: 'added' | 'modified'; id: string; was?: FeedChange['was'] }
  | { type: 'deleted'; server: ServerDto };

/**
 * What goes along with every change of servers, in its transaction: rows for those who watch, and a new generation of
 * the plans of the bastions concerned.
 */
@Injectable()
export class ServerChanges {
  constructor(
    private readonly servers: ServerListQuery,
    private readonly feed: FeedWriter,
  ) {}

  /** Call it once, after the writes. Seven statements at most, however many servers. */
  async record(tx: TransactionClient, changes: readonly ServerChange[], now: Date): Promise<void> {
    if (changes.length === 0) return;
    const deleted = changes.flatMap((change) => (change.type === 'deleted' ? [change.server] : []));
    const written = new Map(
      changes.flatMap((change) => (change.type === 'deleted' ? [] : [[change.id, change]])),
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
    await this.feed.record(tx, [
      ...servers.map((server) => feedChange(server, now, written.get(server.metadata.id))),
      ...deleted.map((server) => feedChange(server, now, { type: 'deleted' })),
    ]);
  }

  /** What is shown of these servers has changed though their own rows have not: the network or cluster that they are in. */
  async touch(tx: TransactionClient, ids: readonly string[], now: Date): Promise<void> {
    if (ids.length === 0) return;
    await tx.$executeRaw`
      UPDATE servers SET version = version + 1, updated_at = ${now} WHERE id = ANY(${[...ids]}::UUID[])`;
    await this.record(
      tx,
      ids.map((id) => ({ type: 'modified', id })),
      now,
    );
  }

  /** For a server that leaves its bastion: the plan of that one changes too. */
  async releaseFrom(tx: TransactionClient, bastionIds: readonly string[]): Promise<void> {
    if (bastionIds.length === 0) return;
    await tx.$executeRaw`
      UPDATE bastions SET plan_generation = plan_generation + 1 WHERE id = ANY(${[...bastionIds]}::UUID[])`;
  }
}

const feedChange = (
  server: ServerDto,
  at: Date,
  { type = 'modified', was }: Partial<Pick<FeedChange, 'type' | 'was'>> = {},
): FeedChange => ({
  type,
  at,
  kind: server.kind,
  resourceId: server.metadata.id,
  resourceName: server.metadata.name,
  // Its last state is told again, as the end of it.
  resourceVersion: type === 'deleted' ? server.metadata.version + 1 : server.metadata.version,
  cloud: server.spec.cloud ?? null,
  environment: server.spec.environment ?? null,
  object: server,
  was,
});
