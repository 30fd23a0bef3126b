import type { TransactionClient } from '@lab/database';
import { Injectable } from '@nestjs/common';

/** At most so many go in one transaction. */
const AT_ONCE = 500;

/**
 * Servers that a bastion has discovered and nobody has confirmed: no name, label, role or NIC given by a person, no order, no
 * install, no cluster.
 */
@Injectable()
export class UnconfirmedServersRepository {
  /** Beyond the `most` that were heard of last. Not locked yet. */
  async beyond(tx: TransactionClient, bastionId: string, most: number): Promise<string[]> {
    const rows = await tx.$queryRaw<{ id: string }[]>`
      SELECT s.id FROM servers s
      WHERE s.bastion_id = ${bastionId}::UUID AND s.confirmed_at IS NULL AND s.phase = 'discovered'
        AND s.current_install_id IS NULL
        AND NOT EXISTS (SELECT 1 FROM cluster_members m WHERE m.server_id = s.id)
      ORDER BY s.last_seen_at DESC NULLS LAST, s.id OFFSET ${most} LIMIT ${AT_ONCE}`;
    return rows.map(({ id }) => id);
  }

  /** Locks those that are still unconfirmed. */
  async lock(tx: TransactionClient, ids: readonly string[]): Promise<string[]> {
    const rows = await tx.$queryRaw<{ id: string }[]>`
      SELECT id FROM servers
      WHERE id = ANY(${[...ids]}::UUID[]) AND confirmed_at IS NULL AND phase = 'discovered' AND current_install_id IS NULL
      ORDER BY id FOR UPDATE`;
    return rows.map(({ id }) => id);
  }

  /** Bastions that state this condition, and have no more than `most` unconfirmed servers. */
  async bastionsWithin(tx: TransactionClient, condition: string, most: number): Promise<string[]> {
    const rows = await tx.$queryRaw<{ id: string }[]>`
      SELECT b.id FROM bastions b
      WHERE b.conditions @> ${JSON.stringify([{ type: condition }])}::JSONB
        AND (SELECT count(*) FROM servers s WHERE s.bastion_id = b.id AND s.confirmed_at IS NULL) <= ${most}
      ORDER BY b.id LIMIT 100`;
    return rows.map(({ id }) => id);
  }

  /** A person has said something of them: from now on they are nobody's to drop. */
  async confirm(tx: TransactionClient, ids: readonly string[], now: Date): Promise<void> {
    await tx.server.updateMany({
      where: { id: { in: [...ids] }, confirmedAt: null },
      data: { confirmedAt: now },
    });
  }

  /** What they shared with others is to be settled then. */
  async remove(tx: TransactionClient, ids: readonly string[]): Promise<void> {
    await tx.server.deleteMany({ where: { id: { in: [...ids] } } });
  }
}
