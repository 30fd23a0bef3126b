import { INSTALL_CONDITIONS, type ServerPhase } from '@lab/domain';
import { Prisma, type Install, type Server, type TransactionClient } from '@lab/database';
import { Injectable } from '@nestjs/common';
import { staleServer } from '../servers/servers.errors.js';

/** Conditions of a server `servers` that don't end with its install, but for those of `besides`. */
export const lastingConditions = (
  besides: readonly string[],
): Prisma.Sql => Prisma.sql`COALESCE((SELECT jsonb_agg(c) FROM jsonb_array_elements(servers.conditions) AS c
  WHERE c->>'type' <> ALL(${[...INSTALL_CONDITIONS, ...besides]}::TEXT[])), '[]'::JSONB)`;
export const LASTING_CONDITIONS = lastingConditions([]);

/** Ends installs and servers at an operator's wish. */
@Injectable()
export class InstallEndRepository {
  async cancel(
    tx: TransactionClient,
    server: Server,
    install: Install,
    phase: ServerPhase,
    now: Date,
  ): Promise<void> {
    const revision = install.stageRevision + 1;
    await tx.installStage.updateMany({
      where: { installId: install.id, state: 'running' },
      data: { state: 'failed', endedAt: now, message: 'The install was cancelled.', revision },
    });
    await tx.install.update({
      where: { id: install.id },
      data: { state: 'cancelled', finishedAt: now, stageRevision: revision, version: { increment: 1 } },
    });
    const written = await tx.server.updateMany({
      where: { id: server.id, version: server.version },
      data: { phase, version: server.version + 1 },
    });
    if (written.count !== 1) throw staleServer(server.name);
    await tx.$executeRaw`UPDATE servers SET conditions = ${LASTING_CONDITIONS} WHERE id = ${server.id}::UUID`;
  }

  /** Its NICs, disks, installs, stages and logs go with it. */
  async forget(tx: TransactionClient, server: Server): Promise<void> {
    const deleted = await tx.server.deleteMany({ where: { id: server.id, version: server.version } });
    if (deleted.count !== 1) throw staleServer(server.name);
  }
}
