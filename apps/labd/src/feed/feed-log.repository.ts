import type { Database, TransactionClient } from '@lab/database';
import { Inject, Injectable } from '@nestjs/common';
import { DATABASE } from '../injection-tokens.js';

/** A change in the order in which watchers see it. */
export interface NumberedChange {
  seq: number;
  type: 'added' | 'modified' | 'deleted';
  kind: string;
  resource_id: string;
  resource_name: string;
  cloud: string | null;
  environment: string | null;
  was: {
    name: string;
    cloud: string | null;
    environment: string | null;
    labels: Record<string, string>;
  } | null;
  object: { metadata?: { labels?: Record<string, string> } };
}

/** What is kept: watchers can go on after any cursor from `floor` to `head`. */
export interface FeedBounds {
  floor: number;
  head: number;
}

/** Rows that are numbered in one go, and read in one. */
const BATCH = 1000;

/** The changes of all resources, numbered. */
@Injectable()
export class FeedLog {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /**
   * Numbers committed rows. The head's row is locked until the commit, so that the numbers of all replicas become visible
   * in order. A resource's changes keep the order of its versions, whatever the clocks of the replicas say: one that is
   * committed is visible together with all before it. Returns whether there may be more.
   */
  number(): Promise<boolean> {
    return this.database.transaction(
      async (tx) => {
        const before = await lockHead(tx);
        const rows = await tx.$queryRaw<{ id: string }[]>`
          SELECT e.id FROM feed_events e
          WHERE e.seq IS NULL AND e.resource_id IN (
            SELECT f.resource_id FROM feed_events f WHERE f.seq IS NULL ORDER BY f.at, f.id LIMIT ${BATCH})
          ORDER BY min(e.at) OVER (PARTITION BY e.resource_id), e.resource_id, e.resource_version, e.at`;
        if (rows.length === 0) return false;
        const numbered = rows.map(({ id }, index) => ({ id, seq: before + index + 1 }));
        await tx.$executeRaw`
          UPDATE feed_events SET seq = v.seq
          FROM jsonb_to_recordset(${JSON.stringify(numbered)}::JSONB) AS v(id UUID, seq INT8) WHERE feed_events.id = v.id`;
        const value = BigInt(before + rows.length);
        await tx.sequenceHead.update({ where: { name: 'feed' }, data: { value } });
        return rows.length >= BATCH;
      },
      // One sequencer at a time holds the head; whoever writes rows meanwhile needn't try again for it.
      { isolation: 'read-committed' },
    );
  }

  async after(cursor: number): Promise<NumberedChange[]> {
    const rows = await this.database.client.$queryRaw<(Omit<NumberedChange, 'seq'> & { seq: bigint })[]>`
      SELECT seq, type, kind, resource_id, resource_name, cloud, environment, was, object
      FROM feed_events WHERE seq > ${cursor}::INT8 ORDER BY seq LIMIT ${BATCH}`;
    return rows.map((row) => ({ ...row, seq: Number(row.seq) }));
  }

  async bounds(): Promise<FeedBounds> {
    const [row] = await this.database.client.$queryRaw<{ head: bigint | null; first: bigint | null }[]>`
      SELECT (SELECT value FROM sequence_heads WHERE name = 'feed') AS head,
        (SELECT seq FROM feed_events WHERE seq IS NOT NULL ORDER BY seq LIMIT 1) AS first`;
    const head = Number(row?.head ?? 0n);
    return { floor: row?.first === null || row?.first === undefined ? head : Number(row.first) - 1, head };
  }

  /** Age in seconds of the oldest row that has no number yet; 0 if all have. */
  async lagSeconds(now: Date): Promise<number> {
    const [row] = await this.database.client.$queryRaw<{ at: Date | null }[]>`
      SELECT min(at) AS at FROM feed_events WHERE seq IS NULL`;
    return Math.max(0, (now.getTime() - (row?.at?.getTime() ?? now.getTime())) / 1000);
  }

  /** Deletes some of the rows from before then; returns how many. */
  prune(before: Date): Promise<number> {
    return this.database.client.$executeRaw`
      DELETE FROM feed_events WHERE id IN (
        SELECT id FROM feed_events WHERE seq IS NOT NULL AND at < ${before} ORDER BY seq LIMIT ${BATCH})`;
  }
}

/** The newest number; nobody else gives one until the transaction ends. */
async function lockHead(tx: TransactionClient): Promise<number> {
  const lock = () => tx.$queryRaw<{ value: bigint }[]>`
    SELECT value FROM sequence_heads WHERE name = 'feed' FOR UPDATE`;
  let [head] = await lock();
  if (head === undefined) {
    await tx.$executeRaw`INSERT INTO sequence_heads (name) VALUES ('feed') ON CONFLICT (name) DO NOTHING`;
    [head] = await lock();
  }
  return Number(head?.value ?? 0n);
}
