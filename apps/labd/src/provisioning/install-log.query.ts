import type { Database } from '@lab/database';
import { Inject, Injectable } from '@nestjs/common';
import { DATABASE } from '../injection-tokens.js';
import type { LogLineDto } from './install-log.dto.js';

@Injectable()
export class InstallLogQuery {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Lines with a higher number, in order; of one stage only, if one is named. */
  async after(installId: string, number: number, limit: number, stage?: string): Promise<LogLineDto[]> {
    const rows = await this.database.client.installLogLine.findMany({
      where: { installId, number: { gt: number }, ...(stage !== undefined && { stage }) },
      orderBy: { number: 'asc' },
      take: limit,
      omit: { installId: true },
    });
    return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
  }

  /** The number of the line before the last `count`. */
  async tailStart(installId: string, count: number, stage?: string): Promise<number> {
    if (count === 0) {
      const last = await this.database.client.installLogLine.findFirst({
        where: { installId },
        orderBy: { number: 'desc' },
        select: { number: true },
      });
      return last?.number ?? 0;
    }
    const first = await this.database.client.installLogLine.findFirst({
      where: { installId, ...(stage !== undefined && { stage }) },
      orderBy: { number: 'desc' },
      skip: count - 1,
      select: { number: true },
    });
    return first === null ? 0 : first.number - 1;
  }
}
