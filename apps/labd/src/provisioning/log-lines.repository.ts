import type { LogLine } from '@lab/protocol';
import type { TransactionClient } from '@lab/database';
import { Injectable } from '@nestjs/common';

/** Lines of one install. */
export interface InstallLines {
  installId: string;
  lines: readonly (Omit<LogLine, 'at'> & { at: Date })[];
}

@Injectable()
export class LogLinesRepository {
  /** The installs among these that this bastion does. */
  async installsOf(
    tx: TransactionClient,
    bastionId: string,
    installIds: readonly string[],
  ): Promise<Set<string>> {
    const rows = await tx.install.findMany({
      where: { id: { in: [...installIds] }, bastionId },
      select: { id: true },
    });
    return new Set(rows.map((row) => row.id));
  }

  /** A line that is there already stays as it is: a repeat. One statement. */
  async append(tx: TransactionClient, batches: readonly InstallLines[]): Promise<void> {
    const rows = batches.flatMap(({ installId, lines }) =>
      lines.map((line) => ({ install_id: installId, ...line })),
    );
    if (rows.length === 0) return;
    await tx.$executeRaw`
      INSERT INTO install_log_lines (install_id, number, at, source, stage, text)
      SELECT v.install_id, v.number, v.at, v.source, v.stage, v.text
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::JSONB)
        AS v(install_id UUID, number INT4, at TIMESTAMPTZ, source TEXT, stage TEXT, text TEXT)
      ON CONFLICT (install_id, number) DO NOTHING`;
  }
}
