import type { InstallState, StageName, StageState } from '@lab/domain';
import type { Database, TransactionClient } from '@lab/database';
import { Inject, Injectable } from '@nestjs/common';
import { DATABASE } from '../injection-tokens.js';
import type { ConditionDto } from '../servers/server.dto.js';
import type { InstallToWatch } from './install-conditions.js';

/** A server that is being installed. */
export interface WatchedServer {
  id: string;
  version: number;
  conditions: readonly ConditionDto[];
  install: InstallToWatch;
}

interface Row {
  server_id: string;
  version: number;
  conditions: ConditionDto[];
  state: InstallState;
  profile: string;
  queued_at: Date;
  last_heard_at: Date | null;
  bastion_name: string | null;
  link_state: string;
  link_changed_at: Date | null;
  bastion_seen_at: Date | null;
  stages: { name: StageName; state: StageState; started_at: string; ended_at: string | null }[] | null;
}

/** A replica that holds a link says so every 20 s: one that was killed says nothing any more. */
const LINK_SILENCE_MS = 60_000;

function linkOf(row: Row, name: string, now: Date): InstallToWatch['bastion'] {
  const changedAt = row.link_changed_at ?? row.queued_at;
  const seenAt = row.bastion_seen_at ?? changedAt;
  const linked = row.link_state === 'connected' && now.getTime() - seenAt.getTime() < LINK_SILENCE_MS;
  return { name, linked, changedAt: linked || row.link_state !== 'connected' ? changedAt : seenAt };
}

/** Those that have not ended yet. */
@Injectable()
export class WatchedInstalls {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  async all(now: Date): Promise<WatchedServer[]> {
    const rows = await this.database.client.$queryRaw<Row[]>`
      SELECT s.id AS server_id, s.version, s.conditions, i.state, i.profile, i.queued_at, i.last_heard_at,
        b.name AS bastion_name, b.link_state, b.link_changed_at,
        b.last_seen_at AS bastion_seen_at,
        (SELECT jsonb_agg(jsonb_build_object('name', t.name, 'state', t.state, 'started_at', t.started_at,
          'ended_at', t.ended_at)) FROM install_stages t WHERE t.install_id = i.id AND t.started_at IS NOT NULL) AS stages
      FROM servers s JOIN installs i ON i.id = s.current_install_id LEFT JOIN bastions b ON b.id = i.bastion_id
      WHERE s.phase = 'provisioning'`;
    return rows.map((row) => ({
      id: row.server_id,
      version: row.version,
      conditions: row.conditions,
      install: {
        state: row.state,
        profile: row.profile,
        queuedAt: row.queued_at,
        lastHeardAt: row.last_heard_at,
        bastion: row.bastion_name === null ? null : linkOf(row, row.bastion_name, now),
        stages: (row.stages ?? []).map(({ name, state, started_at: startedAt, ended_at: endedAt }) => ({
          name,
          state,
          startedAt: new Date(startedAt),
          endedAt: endedAt === null ? null : new Date(endedAt),
        })),
      },
    }));
  }

  /** Writes the conditions of those servers that are still what they were; the others' turn comes again. Answers which; locks them. */
  async write(
    tx: TransactionClient,
    servers: readonly Pick<WatchedServer, 'id' | 'version' | 'conditions'>[],
    now: Date,
  ): Promise<string[]> {
    const rows = servers.map(({ id, version, conditions }) => ({ id, version, conditions }));
    const written = await tx.$queryRaw<{ id: string }[]>`
      UPDATE servers SET conditions = v.conditions, version = servers.version + 1, updated_at = ${now}
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::JSONB) AS v(id UUID, version INT4, conditions JSONB)
      WHERE servers.id = v.id AND servers.version = v.version
      RETURNING servers.id`;
    return written.map(({ id }) => id);
  }
}
