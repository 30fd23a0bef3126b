import { INSTALL_CONTESTED } from '@lab/domain';
import type { Database, TransactionClient } from '@lab/database';
import type { BastionStatus } from '@lab/protocol';
import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.repository.js';
import { BastionConditions } from '../bastions/bastion-conditions.repository.js';
import { Changes } from '../feed/changes.notifier.js';
import { DATABASE } from '../injection-tokens.js';
import type { ReportingBastion } from '../servers/machine-registry.js';
import type { ConditionDto } from '../servers/server.dto.js';
import { ServerChanges } from '../servers/server-changes.repository.js';
import { storableTime } from '../provisioning/storable.js';

interface ContestedRow {
  id: string;
  name: string;
  cloud: string;
  environment: string;
  install_id: string;
  conditions: ConditionDto[];
}

/** What bastions say of themselves, and of those who tried to get at installs: shown as conditions. */
@Injectable()
export class BastionStatusRepository {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly conditions: BastionConditions,
    private readonly serverChanges: ServerChanges,
    private readonly audit: AuditTrail,
    private readonly changes: Changes,
  ) {}

  async record(bastion: ReportingBastion, status: BastionStatus, now: Date): Promise<void> {
    const changed = await this.database.transaction(
      async (tx) => {
        const reported = status.conditions.map((condition) => ({
          ...condition,
          status: 'True',
          since: storableTime(condition.since, now).toISOString(),
        }));
        const stated = await this.conditions.replace(tx, bastion.id, 'reported', reported, now);
        const contested = await this.#contest(tx, bastion, status.contested, now);
        return stated || contested;
      },
      // The rows that it is about are locked as they are read.
      { isolation: 'read-committed' },
    );
    if (changed) this.changes.committed();
  }

  /** Of servers whose current install it is, and this bastion's; that it began is audited. */
  async #contest(
    tx: TransactionClient,
    bastion: ReportingBastion,
    contested: BastionStatus['contested'],
    now: Date,
  ): Promise<boolean> {
    if (contested.length === 0) return false;
    const rows = await tx.$queryRaw<ContestedRow[]>`
      SELECT s.id, s.name, s.cloud, s.environment, s.conditions, s.current_install_id AS install_id
      FROM servers s
      WHERE s.current_install_id IN (SELECT i.id FROM installs i
        WHERE i.bastion_id = ${bastion.id}::UUID AND i.id = ANY(${contested.map(({ installId }) => installId)}::UUID[]))
      ORDER BY s.id FOR UPDATE`;
    const told = new Map(contested.map((each) => [each.installId, each]));
    const changed = rows.flatMap((row) => {
      const report = told.get(row.install_id);
      const old = row.conditions.find(({ type }) => type === INSTALL_CONTESTED);
      if (report === undefined || old?.message === report.message) return [];
      const condition: ConditionDto = {
        type: INSTALL_CONTESTED,
        status: 'True',
        since: old?.since ?? storableTime(report.since, now).toISOString(),
        reason: 'SecondAddress',
        message: report.message,
      };
      const others = row.conditions.filter(({ type }) => type !== INSTALL_CONTESTED);
      return [{ row, isNew: old === undefined, condition, conditions: [...others, condition] }];
    });
    if (changed.length === 0) return false;
    const values = changed.map(({ row: { id }, conditions }) => ({ id, conditions }));
    await tx.$executeRaw`
      UPDATE servers SET conditions = v.conditions, version = servers.version + 1, updated_at = ${now}
      FROM jsonb_to_recordset(${JSON.stringify(values)}::JSONB) AS v(id UUID, conditions JSONB)
      WHERE servers.id = v.id`;
    await this.serverChanges.record(
      tx,
      changed.map(({ row }) => ({ type: 'modified', id: row.id })),
      now,
    );
    await this.audit.record(
      tx,
      changed
        .filter(({ isNew }) => isNew)
        .map(({ row, condition }) => ({
          at: now,
          actor: `bastion:${bastion.name}`,
          action: 'refuse-second-address',
          kind: 'Server',
          resourceId: row.id,
          resourceName: row.name,
          cloud: row.cloud,
          environment: row.environment,
          after: { install: row.install_id, condition },
          source: 'link',
        })),
    );
    return true;
  }
}
