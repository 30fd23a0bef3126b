import type { EvidenceLine } from '@lab/domain';
import type { Database, TransactionClient } from '@lab/database';
import { Inject, Injectable } from '@nestjs/common';
import { DATABASE } from '../injection-tokens.js';
import type { InstallFailureDto } from './install.dto.js';

/** A failed install whose log has grown since its cause was stated. */
export interface FailedInstall {
  id: string;
  serverId: string;
  failure: InstallFailureDto;
  logTotal: number;
}

/** How much of a log is looked at: its end, and of each line its beginning. */
const MOST_LINES = 5000;
const LONGEST_LINE = 2000;
/** Lines may come as long as a bastion is away for, but not for ever. */
const LATE_MS = 86_400_000;
const AT_ONCE = 20;

@Injectable()
export class DiagnosisRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /**
   * The end of an install's log, in order. By its range of numbers, which the primary key gives at once: with ORDER BY and
   * LIMIT a table without statistics is read and sorted whole (250 ms for 50,000 lines).
   */
  lines(installId: string, tx: TransactionClient = this.database.client): Promise<EvidenceLine[]> {
    return tx.$queryRaw<EvidenceLine[]>`
      SELECT number, source, stage, substr(text, 1, ${LONGEST_LINE}::INT4) AS text FROM install_log_lines
      WHERE install_id = ${installId}::UUID
        AND number > (SELECT max(number) FROM install_log_lines WHERE install_id = ${installId}::UUID) - ${MOST_LINES}::INT4
      ORDER BY number`;
  }

  async outdated(now: Date): Promise<FailedInstall[]> {
    const since = new Date(now.getTime() - LATE_MS);
    const rows = await this.database.client.$queryRaw<
      { id: string; server_id: string; failure: InstallFailureDto; log_total: number }[]
    >`
      SELECT id, server_id, failure, log_total FROM (
        SELECT i.id, i.server_id, i.failure, i.diagnosed_lines,
          COALESCE((SELECT max(l.number) FROM install_log_lines l WHERE l.install_id = i.id), 0) AS log_total
        FROM installs i WHERE i.state = 'failed' AND i.failure IS NOT NULL AND i.finished_at > ${since}) AS failed
      WHERE diagnosed_lines IS NULL OR diagnosed_lines < log_total LIMIT ${AT_ONCE}`;
    return rows.map((row) => ({
      id: row.id,
      serverId: row.server_id,
      failure: row.failure,
      logTotal: row.log_total,
    }));
  }

  /** Unless another replica was there first. */
  async save(
    tx: TransactionClient,
    installId: string,
    failure: InstallFailureDto,
    logTotal: number,
  ): Promise<boolean> {
    const written = await tx.$executeRaw`
      UPDATE installs SET failure = ${JSON.stringify(failure)}::JSONB, diagnosed_lines = ${logTotal}::INT4
      WHERE id = ${installId}::UUID AND (diagnosed_lines IS NULL OR diagnosed_lines < ${logTotal}::INT4)`;
    return written > 0;
  }
}
