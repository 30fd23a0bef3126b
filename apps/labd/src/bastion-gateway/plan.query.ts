import type { InstallState, ServerPhase } from '@lab/domain';
import type { Database } from '@lab/database';
import type { ServerPlan } from '@lab/protocol';
import { Inject, Injectable } from '@nestjs/common';
import { DATABASE } from '../injection-tokens.js';
import { ORDERABLE_NICS } from '../servers/orderable-nics.js';
import { toServerPlan, type PlanRow } from './server-plan.js';

/** Where the plans of a bastion stand, and whether its link is still this one. */
export interface PlanHead {
  generation: number;
  linkReplica: string | null;
  revoked: boolean;
}

interface Row extends Omit<PlanRow, 'phase' | 'install_state'> {
  phase: ServerPhase;
  install_state: InstallState | null;
}

/** What bastions have to do, as it is stored now. */
@Injectable()
export class PlanQuery {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  async head(bastionId: string): Promise<PlanHead | undefined> {
    const row = await this.database.client.bastion.findUnique({
      where: { id: bastionId },
      select: { planGeneration: true, linkReplica: true, revokedAt: true },
    });
    if (row === null) return undefined;
    return {
      generation: Number(row.planGeneration),
      linkReplica: row.linkReplica,
      revoked: row.revokedAt !== null,
    };
  }

  /** Servers of the bastion whose plan changed after that generation, in the order of their IDs, from after an ID on. */
  async changedSince(
    bastionId: string,
    generation: number,
    afterId: string | undefined,
    limit: number,
  ): Promise<ServerPlan[]> {
    const from = afterId ?? '00000000-0000-0000-0000-000000000000';
    const rows = await this.database.client.$queryRaw<Row[]>`
      SELECT s.id, s.name, s.phase, s.smbios_uuid, s.serial, s.confirmed_at IS NOT NULL AS confirmed,
        ${ORDERABLE_NICS} AS nics,
        i.id AS install_id, i.attempt AS install_attempt, i.state AS install_state, i.profile AS install_profile,
        i.role AS install_role, i.hostname AS install_hostname, i.disk_rule, i.allow_erase, i.layout, i.parameters
      FROM servers s
      LEFT JOIN installs i ON i.id = s.current_install_id
      WHERE s.bastion_id = ${bastionId}::UUID AND s.plan_generation > ${generation} AND s.id > ${from}::UUID
      ORDER BY s.id LIMIT ${limit}`;
    return rows.map(toServerPlan);
  }

  async countOf(bastionId: string): Promise<number> {
    return this.database.client.server.count({ where: { bastionId } });
  }

  async idsOf(bastionId: string): Promise<Set<string>> {
    const rows = await this.database.client.server.findMany({ where: { bastionId }, select: { id: true } });
    return new Set(rows.map((row) => row.id));
  }
}
