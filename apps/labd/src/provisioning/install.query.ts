import { LabError, STAGES, isId, isStageName, type Permission } from '@lab/domain';
import { Prisma, type Database } from '@lab/database';
import { Inject, Injectable } from '@nestjs/common';
import { DATABASE } from '../injection-tokens.js';
import { serversGrantedBy } from '../rbac/grants-filter.js';
import type { InstallDto, InstallFailureDto, InstallStageDto } from './install.dto.js';

interface InstallRow {
  id: string;
  server_id: string;
  server_name: string;
  attempt: number;
  state: string;
  profile: string;
  role: string;
  hostname: string;
  failure: InstallFailureDto | null;
  queued_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  created_at: Date;
  stage: string | null;
  log_total: number;
}

/** A stage as a follower gets it, with its cursor. */
export interface RevisedStage extends InstallStageDto {
  revision: number;
}

/** Where an install stands, in few columns: what a follower asks for every second. */
export interface InstallPulse {
  id: string;
  attempt: number;
  state: string;
  failure: InstallFailureDto | null;
  finishedAt: Date | null;
  logTotal: number;
}

const MOST_INSTALLS = 1000;

/** Lines are numbered from 1 without gaps: the highest number is their count. */
const LOG_TOTAL = Prisma.sql`COALESCE((SELECT l.number FROM install_log_lines l WHERE l.install_id = i.id
  ORDER BY l.number DESC LIMIT 1), 0)`;

const SELECT_INSTALLS = Prisma.sql`
  SELECT i.id, i.server_id, s.name AS server_name, i.attempt, i.state, i.profile, i.role, i.hostname, i.failure,
    i.queued_at, i.started_at, i.finished_at, i.created_at, ${LOG_TOTAL} AS log_total,
    (SELECT st.name FROM install_stages st WHERE st.install_id = i.id AND st.started_at IS NOT NULL
      ORDER BY (st.state = 'running') DESC, st.position DESC LIMIT 1) AS stage
  FROM installs i JOIN servers s ON s.id = i.server_id`;

@Injectable()
export class InstallQuery {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** An install of a server that the caller may read, with its stages; else `not-found`. */
  async byId(id: string, grants: readonly Permission[]): Promise<InstallDto> {
    if (!isId(id)) throw noSuchInstall();
    const [row] = await this.database.client.$queryRaw<InstallRow[]>`
      ${SELECT_INSTALLS} WHERE i.id = ${id}::UUID AND ${serversGrantedBy(grants, 'read')}`;
    if (row === undefined) throw noSuchInstall();
    const stages = await this.stagesAfter(id, -1);
    return { ...toInstall(row), stages: stages.map(({ revision: _, ...stage }) => stage) };
  }

  /** Newest first, at most the last thousand, without stages. */
  async ofServer(serverId: string): Promise<InstallDto[]> {
    const rows = await this.database.client.$queryRaw<InstallRow[]>`
      ${SELECT_INSTALLS} WHERE i.server_id = ${serverId}::UUID ORDER BY i.attempt DESC LIMIT ${MOST_INSTALLS}`;
    return rows.map(toInstall);
  }

  /** The install with that attempt number, or the newest. */
  async pulse(serverId: string, attempt: number | undefined, serverName: string): Promise<InstallPulse> {
    const which = attempt === undefined ? Prisma.sql`TRUE` : Prisma.sql`i.attempt = ${attempt}`;
    const found = await this.#pulse(Prisma.sql`i.server_id = ${serverId}::UUID AND ${which}`);
    if (found !== undefined) return found;
    const what =
      attempt === undefined ? `${serverName} has no install yet` : `${serverName} has no install ${attempt}`;
    throw new LabError('not-found', what, { hint: 'Start one with: labctl provision' });
  }

  /** Undefined when its server was forgotten. */
  pulseOf(installId: string): Promise<InstallPulse | undefined> {
    return this.#pulse(Prisma.sql`i.id = ${installId}::UUID`);
  }

  /** Stages that changed after the revision, in the order in which they changed; -1: all, in their own order. */
  async stagesAfter(installId: string, revision: number): Promise<RevisedStage[]> {
    const rows = await this.database.client.installStage.findMany({
      where: { installId, revision: { gt: revision } },
      orderBy: revision < 0 ? { position: 'asc' } : [{ revision: 'asc' }, { position: 'asc' }],
    });
    return rows.map((row) => ({
      name: row.name,
      title: isStageName(row.name) ? STAGES[row.name].title : row.name,
      state: row.state,
      startedAt: row.startedAt?.toISOString() ?? null,
      endedAt: row.endedAt?.toISOString() ?? null,
      message: row.message,
      failure: row.failure as InstallFailureDto | null,
      revision: row.revision,
    }));
  }

  async #pulse(condition: Prisma.Sql): Promise<InstallPulse | undefined> {
    const rows = await this.database.client.$queryRaw<
      {
        id: string;
        attempt: number;
        state: string;
        failure: InstallFailureDto | null;
        finished_at: Date | null;
        log_total: number;
      }[]
    >`
      SELECT i.id, i.attempt, i.state, i.failure, i.finished_at, ${LOG_TOTAL} AS log_total
      FROM installs i WHERE ${condition} ORDER BY i.attempt DESC LIMIT 1`;
    const row = rows[0];
    if (row === undefined) return undefined;
    const { id, attempt, state, failure, finished_at: finishedAt, log_total: logTotal } = row;
    return { id, attempt, state, failure, finishedAt, logTotal };
  }
}

const noSuchInstall = (): LabError =>
  new LabError('not-found', 'There is no such install', { hint: 'Its server may have been forgotten.' });

const toInstall = (row: InstallRow): InstallDto => ({
  apiVersion: 'lab/v1',
  kind: 'Install',
  metadata: { id: row.id, createdAt: row.created_at.toISOString() },
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
  logTotal: row.log_total,
});
