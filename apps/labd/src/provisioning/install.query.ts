import { LabError, STAGES, isStageName } from '@lab/domain';
import { Prisma, type Database } from '@lab/database';
import { Inject, Injectable } from '@nestjs/common';
import { DATABASE } from '../injection-tokens.js';
import { LOG_TOTAL } from './installs.repository.js';
import type { InstallFailureDto, InstallStageDto } from './install.dto.js';

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

@Injectable()
export class InstallQuery {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** The install with that attempt number, or the newest. */
  async pulse(serverId: string, attempt: number | undefined, serverName: string): Promise<InstallPulse> {
    const which = attempt === undefined ? Prisma.sql`TRUE` : Prisma.sql`r.attempt = ${attempt}`;
    const found = await this.#pulse(Prisma.sql`r.server_id = ${serverId}::UUID AND ${which}`);
    if (found !== undefined) return found;
    const what =
      attempt === undefined ? `${serverName} has no install yet` : `${serverName} has no install ${attempt}`;
    throw new LabError('not-found', what, {
      hint:
        attempt === undefined
          ? 'Start one with: labctl provision'
          : 'See which there are with: labctl get installs',
    });
  }

  /** Undefined when its server was forgotten. */
  pulseOf(installId: string): Promise<InstallPulse | undefined> {
    return this.#pulse(Prisma.sql`r.id = ${installId}::UUID`);
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
      SELECT r.id, r.attempt, r.state, r.failure, r.finished_at, ${LOG_TOTAL} AS log_total
      FROM installs r WHERE ${condition} ORDER BY r.attempt DESC LIMIT 1`;
    const row = rows[0];
    if (row === undefined) return undefined;
    const { id, attempt, state, failure, finished_at: finishedAt, log_total: logTotal } = row;
    return { id, attempt, state, failure, finishedAt, logTotal };
  }
}
