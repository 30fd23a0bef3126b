import { INSTALL_STATES, LabError, isId, kindOf, printable } from '@lab/domain';
import { Prisma, type SqlReader } from '@lab/database';
import { Injectable } from '@nestjs/common';
import { BASTION_FILTER, metadataOf, type CommonRow } from '../resources/common-columns.js';
import { ResourceRegistry } from '../resources/resource-registry.js';
import type { ResourceStore, SortKey } from '../resources/resource-store.js';
import { conditionFilter } from '../servers/condition-filter.js';
import type { ConditionDto } from '../servers/condition.dto.js';
import type { OrderWarningDto } from './order.dto.js';
import type { InstallDto, InstallFailureDto } from './install.dto.js';

interface InstallRow extends CommonRow {
  server_id: string;
  server_name: string;
  attempt: number;
  state: string;
  profile: string;
  role: string;
  hostname: string;
  failure: InstallFailureDto | null;
  warnings: OrderWarningDto[];
  conditions: ConditionDto[];
  queued_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  stage: string | null;
  log_total: number;
}

/** Lines of the install `r` are numbered from 1 without gaps: the highest number is their count. */
export const LOG_TOTAL = Prisma.sql`COALESCE((SELECT l.number FROM install_log_lines l WHERE l.install_id = r.id
  ORDER BY l.number DESC LIMIT 1), 0)`;

/** `node1-2`: the second attempt on node1. */
const NAME = Prisma.sql`(s.name || '-' || r.attempt::TEXT)`;

/** The conditions of its server, while it runs. */
const CONDITIONS = Prisma.sql`(CASE WHEN s.current_install_id = r.id AND r.finished_at IS NULL THEN s.conditions
  ELSE '[]'::JSONB END)`;

const queuedAt: SortKey = {
  sql: Prisma.sql`r.queued_at`,
  type: 'TIMESTAMPTZ',
  of: (install) => (install as unknown as InstallDto).queuedAt,
};

/** Installs as resources: nobody writes them, they come of provisioning. */
@Injectable()
export class InstallsRepository implements ResourceStore {
  readonly kind = kindOf('Install');
  readonly specDto = undefined;
  readonly table = {
    from: Prisma.sql`installs r JOIN servers s ON s.id = r.server_id LEFT JOIN bastions b ON b.id = r.bastion_id`,
    name: Prisma.sql`s.name`,
    labels: Prisma.sql`r.labels`,
    cloud: Prisma.sql`s.cloud`,
    environment: Prisma.sql`s.environment`,
    filters: {
      ...BASTION_FILTER,
      cloud: (value: string) => Prisma.sql`s.cloud = ${value}`,
      environment: (value: string) => Prisma.sql`s.environment = ${value}`,
      server: (value: string) =>
        Prisma.sql`(s.name = ${value.toLowerCase()} OR s.id::TEXT = ${value.toLowerCase()})`,
      state: (value: string) => Prisma.sql`r.state = ${knownState(value)}`,
      condition: (value: string) => conditionFilter(CONDITIONS, value),
      profile: (value: string) => Prisma.sql`r.profile = ${value}`,
    },
    sort: { queuedAt },
  };

  constructor(registry: ResourceRegistry) {
    registry.register(this);
  }

  readonly reference = (reference: string): Prisma.Sql =>
    isId(reference)
      ? Prisma.sql`r.id = ${reference}::UUID`
      : Prisma.sql`${NAME} = ${reference.toLowerCase()}`;

  async select(tx: SqlReader, tail: Prisma.Sql): Promise<InstallDto[]> {
    const rows = await tx.$queryRaw<InstallRow[]>`
      SELECT r.id, ${NAME} AS name, r.labels, r.annotations, r.version, r.created_at, r.updated_at, r.server_id,
        s.name AS server_name, r.attempt, r.state, r.profile, r.role, r.hostname, r.failure, r.warnings,
        ${CONDITIONS} AS conditions, r.queued_at, r.started_at,
        r.finished_at, ${LOG_TOTAL} AS log_total,
        (SELECT st.name FROM install_stages st WHERE st.install_id = r.id AND st.started_at IS NOT NULL
          ORDER BY (st.state = 'running') DESC, st.position DESC LIMIT 1) AS stage
      FROM ${this.table.from} ${tail}`;
    return rows.map(toInstall);
  }
}

function knownState(value: string): string {
  if (INSTALL_STATES.some((state) => state === value)) return value;
  throw new LabError('invalid', `state: "${printable(value)}" is none of ${INSTALL_STATES.join(', ')}`, {
    hint: `Choose one of ${INSTALL_STATES.join(', ')}.`,
    errors: [{ path: 'state', message: `must be one of ${INSTALL_STATES.join(', ')}` }],
  });
}

const toInstall = (row: InstallRow): InstallDto => ({
  apiVersion: 'lab/v1',
  kind: 'Install',
  metadata: metadataOf(row),
  server: { id: row.server_id, name: row.server_name },
  id: row.id,
  attempt: row.attempt,
  state: row.state,
  profile: row.profile,
  role: row.role,
  hostname: row.hostname,
  stage: row.stage,
  queuedAt: row.queued_at.toISOString(),
  startedAt: row.started_at?.toISOString() ?? null,
  finishedAt: row.finished_at?.toISOString() ?? null,
  failure: row.failure,
  warnings: row.warnings,
  conditions: row.conditions,
  logTotal: row.log_total,
});
