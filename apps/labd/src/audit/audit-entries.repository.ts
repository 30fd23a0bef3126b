import { LabError, RESOURCE_KINDS, kindNamed, kindOf, printable } from '@lab/domain';
import { Prisma, type SqlReader } from '@lab/database';
import { Injectable } from '@nestjs/common';
import type { Resource } from '../resources/resource.js';
import { ResourceRegistry } from '../resources/resource-registry.js';
import type { ResourceStore, SortKey } from '../resources/resource-store.js';
import type { AuditEntryDto } from './audit.dto.js';

interface AuditRow {
  id: string;
  seq: bigint | null;
  at: Date;
  actor: string;
  action: string;
  kind: string;
  resource_id: string | null;
  resource_name: string | null;
  cloud: string | null;
  environment: string | null;
  before: unknown;
  after: unknown;
  request_id: string | null;
  source: string | null;
  hash: string | null;
}

const at: SortKey = {
  sql: Prisma.sql`r.at`,
  type: 'TIMESTAMPTZ',
  of: (entry: Resource) => (entry as unknown as AuditEntryDto).at,
};

/** Entries of the audit log as resources, which nobody writes. */
@Injectable()
export class AuditEntries implements ResourceStore {
  readonly kind = kindOf('AuditEntry');
  readonly specDto = undefined;
  readonly table = {
    from: Prisma.sql`audit_log r`,
    name: Prisma.sql`r.id::TEXT`,
    labels: Prisma.sql`'{}'::JSONB`,
    cloud: null,
    environment: null,
    filters: {
      actor: (value: string) => Prisma.sql`(r.actor = ${value} OR r.actor = ${`user:${value}`})`,
      kind: (value: string) => Prisma.sql`r.kind = ${kindNamed(value, RESOURCE_KINDS)?.kind ?? value}`,
      name: (value: string) =>
        Prisma.sql`(r.resource_name = ${value.toLowerCase()} OR r.resource_id = ${value.toLowerCase()})`,
      action: (value: string) => Prisma.sql`r.action = ${value}`,
      since: (value: string) => Prisma.sql`r.at >= ${time('since', value)}`,
      until: (value: string) => Prisma.sql`r.at < ${time('until', value)}`,
    },
    sort: { at },
  };

  constructor(registry: ResourceRegistry) {
    registry.register(this);
  }

  async select(tx: SqlReader, tail: Prisma.Sql): Promise<(Resource & AuditEntryDto)[]> {
    const rows = await tx.$queryRaw<AuditRow[]>`
      SELECT r.id, r.seq, r.at, r.actor, r.action, r.kind, r.resource_id, r.resource_name, r.cloud, r.environment, r.before,
        r.after, r.request_id, r.source, r.hash
      FROM audit_log r ${tail}`;
    return rows.map((row): AuditEntryDto => {
      const written = row.at.toISOString();
      return {
        apiVersion: 'lab/v1',
        kind: 'AuditEntry',
        metadata: {
          id: row.id,
          name: row.id,
          labels: {},
          annotations: {},
          version: 1,
          createdAt: written,
          updatedAt: written,
        },
        seq: row.seq === null ? null : Number(row.seq),
        at: written,
        actor: row.actor,
        action: row.action,
        resourceKind: row.kind,
        resourceId: row.resource_id,
        resourceName: row.resource_name,
        cloud: row.cloud,
        environment: row.environment,
        before: row.before,
        after: row.after,
        requestId: row.request_id,
        source: row.source,
        hash: row.hash,
      };
    });
  }
}

function time(name: string, value: string): Date {
  const date = new Date(value);
  if (/^\d{4}-\d{2}-\d{2}/.test(value) && !Number.isNaN(date.getTime())) return date;
  throw new LabError('invalid', `${name}: "${printable(value)}" is no time`, {
    hint: 'Write it as 2026-11-23 or 2026-11-23T10:00:00Z.',
    errors: [{ path: name, message: 'must be an ISO 8601 date or time' }],
  });
}
