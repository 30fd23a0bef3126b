import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { LabError } from '@lab/domain';
import type { Database, TransactionClient } from '@lab/database';
import { Inject, Injectable } from '@nestjs/common';
import { DATABASE } from '../injection-tokens.js';
import {
  GENESIS,
  chainHash,
  checkRows,
  hmacOf,
  type AuditFacts,
  type ChainBreak,
  type ChainHead,
  type SealedRow,
} from './audit-chain.js';

/** Injection token of the HMAC key. */
export const AUDIT_KEY = Symbol('AUDIT_KEY');

/** What is to be recorded; what doesn't apply is left out. */
export type AuditEntry = Pick<AuditFacts, 'at' | 'actor' | 'action' | 'kind'> &
  Partial<Omit<AuditFacts, 'id' | 'at' | 'actor' | 'action' | 'kind'>>;

/** How a verification ended. `rows`: sealed rows that hold. */
export interface AuditVerdict {
  rows: bigint;
  broken: ChainBreak | undefined;
  /** Rows that no sealer has come to yet. */
  unsealed: number;
}

/** A head as it is exported. */
export interface ExportedHead {
  seq: number;
  hash: string;
  signature: string;
}

const PAGE = 500;

/** The append-only log of who changed what. */
@Injectable()
export class AuditTrail {
  #verifying = false;

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(AUDIT_KEY) private readonly key: Buffer,
  ) {}

  /** Writes rows along with the change that they tell of. They get their place in the chain after the commit. */
  async record(tx: TransactionClient, entries: readonly AuditEntry[]): Promise<void> {
    if (entries.length === 0) return;
    const rows = entries.map((entry): AuditFacts => ({
      id: randomUUID(),
      resourceId: null,
      resourceName: null,
      cloud: null,
      environment: null,
      before: null,
      after: null,
      requestId: null,
      source: null,
      ...entry,
    }));
    const sealed = rows.map(({ resourceId, resourceName, requestId, ...row }) => ({
      ...row,
      resource_id: resourceId,
      resource_name: resourceName,
      request_id: requestId,
      hmac: hmacOf(this.key, { ...row, resourceId, resourceName, requestId }),
    }));
    await tx.$executeRaw`
      INSERT INTO audit_log (id, at, actor, action, kind, resource_id, resource_name, cloud, environment, before, after,
        request_id, source, hmac)
      SELECT v.id, v.at, v.actor, v.action, v.kind, v.resource_id, v.resource_name, v.cloud, v.environment, v.before,
        v.after, v.request_id, v.source, v.hmac
      FROM jsonb_to_recordset(${JSON.stringify(sealed)}::JSONB) AS v(id UUID, at TIMESTAMPTZ, actor TEXT, action TEXT,
        kind TEXT, resource_id TEXT, resource_name TEXT, cloud TEXT, environment TEXT, before JSONB, after JSONB,
        request_id TEXT, source TEXT, hmac TEXT)`;
  }

  /**
   * Gives committed rows their place in the chain. The head's row is locked until the commit, so that several replicas
   * make one chain. Returns whether there may be more.
   */
  seal(): Promise<boolean> {
    return this.database.transaction(
      async (tx) => {
        const locked = await tx.$queryRaw<{ value: bigint; hash: string | null }[]>`
          SELECT value, hash FROM sequence_heads WHERE name = 'audit' FOR UPDATE`;
        let head: ChainHead = { seq: locked[0]?.value ?? 0n, hash: locked[0]?.hash ?? GENESIS };
        const rows = await tx.auditLog.findMany({
          where: { seq: null },
          orderBy: [{ at: 'asc' }, { id: 'asc' }],
          take: PAGE,
        });
        if (rows.length === 0) return false;
        const sealed = rows.map((row) => {
          const previousHash = head.hash;
          const seq = head.seq + 1n;
          head = { seq, hash: chainHash(previousHash, seq, row) };
          return { id: row.id, seq: Number(seq), previous_hash: previousHash, hash: head.hash };
        });
        await tx.$executeRaw`
          UPDATE audit_log SET seq = v.seq, previous_hash = v.previous_hash, hash = v.hash
          FROM jsonb_to_recordset(${JSON.stringify(sealed)}::JSONB)
            AS v(id UUID, seq INT8, previous_hash TEXT, hash TEXT)
          WHERE audit_log.id = v.id`;
        await tx.sequenceHead.upsert({
          where: { name: 'audit' },
          create: { name: 'audit', value: head.seq, hash: head.hash },
          update: { value: head.seq, hash: head.hash },
        });
        return rows.length === PAGE;
      },
      // The lock on the head makes one sealer at a time; whoever writes rows meanwhile needn't wait or try again for it.
      { isolation: 'read-committed' },
    );
  }

  /** Where the chain stands, signed, to be kept outside the database. */
  async head(): Promise<ExportedHead> {
    const stated = await this.database.client.sequenceHead.findUnique({ where: { name: 'audit' } });
    const head = { seq: Number(stated?.value ?? 0n), hash: stated?.hash ?? GENESIS };
    return { ...head, signature: this.#sign(head) };
  }

  /** `verify`, of which one runs at a time: it reads everything. */
  async verifyOnce(exported?: ExportedHead): Promise<AuditVerdict> {
    if (this.#verifying) {
      throw new LabError('too-many-requests', 'The audit log is being verified already', {
        hint: 'Try again when that has ended.',
        details: { retryAfterSeconds: 10 },
      });
    }
    this.#verifying = true;
    try {
      return await this.verify(exported);
    } finally {
      this.#verifying = false;
    }
  }

  /**
   * Walks the chain as it stood when this was called. Finds rows that were altered, removed, put in or moved, and a tail
   * that was cut off. What is sealed meanwhile is the next verification's.
   */
  async verify(exported?: ExportedHead): Promise<AuditVerdict> {
    if (exported !== undefined) this.#requireOurs(exported);
    const { stated, last, unsealed } = await this.#extent();
    let head: ChainHead = { seq: 0n, hash: GENESIS };
    while (head.seq < stated.seq) {
      const rows = await this.database.client.auditLog.findMany({
        where: { seq: { gt: head.seq, lte: stated.seq } },
        orderBy: { seq: 'asc' },
        take: PAGE,
      });
      const sealed = rows.flatMap((row): SealedRow[] => (row.seq === null ? [] : [{ ...row, seq: row.seq }]));
      const changed = sealed.find(
        (row) => exported !== undefined && row.seq === BigInt(exported.seq) && row.hash !== exported.hash,
      );
      if (changed !== undefined) {
        const problem = 'it is not the row that was exported as head: the chain was written anew';
        return { rows: head.seq, broken: { seq: String(changed.seq), problem }, unsealed: 0 };
      }
      const checked = checkRows(this.key, head, sealed);
      head = checked.head;
      if (checked.broken !== undefined) return { rows: head.seq, broken: checked.broken, unsealed: 0 };
      if (rows.length < PAGE) break;
    }
    return { rows: head.seq, broken: brokenEnd(head, stated, last, exported), unsealed };
  }

  /**
   * The chain's end: what the head states, the last place that a row has, and how many rows have none yet. In one
   * statement, so that all three are of one moment, on PostgreSQL and on CockroachDB.
   */
  async #extent(): Promise<{ stated: ChainHead; last: bigint; unsealed: number }> {
    const rows = await this.database.client.$queryRaw<
      { value: bigint | null; hash: string | null; last: bigint | null; unsealed: bigint }[]
    >`
      SELECT (SELECT value FROM sequence_heads WHERE name = 'audit') AS value,
        (SELECT hash FROM sequence_heads WHERE name = 'audit') AS hash,
        (SELECT max(seq) FROM audit_log) AS last,
        (SELECT count(*) FROM audit_log WHERE seq IS NULL) AS unsealed`;
    const [row] = rows;
    return {
      stated: { seq: row?.value ?? 0n, hash: row?.hash ?? GENESIS },
      last: row?.last ?? 0n,
      unsealed: Number(row?.unsealed ?? 0n),
    };
  }

  #sign({ seq, hash }: Omit<ExportedHead, 'signature'>): string {
    return createHmac('sha256', this.key).update(`head\n${seq}\n${hash}`).digest('hex');
  }

  #requireOurs(head: ExportedHead): void {
    const [given, right] = [Buffer.from(head.signature), Buffer.from(this.#sign(head))];
    if (given.length === right.length && timingSafeEqual(given, right)) return;
    throw new LabError('invalid', 'head.signature: labd has not made this head, or with another key', {
      hint: 'Pass a head as GET /api/v1/audit/head answered it.',
      errors: [{ path: 'head.signature', message: 'does not match' }],
    });
  }
}

/** What is wrong where the walk ended, if anything. `last`: the last place that a row had when `stated` was read. */
function brokenEnd(
  walked: ChainHead,
  stated: ChainHead,
  last: bigint,
  exported: ExportedHead | undefined,
): ChainBreak | undefined {
  const problem = 'rows at the end are missing';
  if (exported !== undefined && BigInt(exported.seq) > walked.seq)
    return { seq: String(exported.seq), problem };
  if (walked.seq < stated.seq || walked.hash !== stated.hash) return { seq: String(stated.seq), problem };
  // The head moves with the rows, in one transaction: somebody else put these in, or set the head back.
  if (last > stated.seq)
    return { seq: String(stated.seq + 1n), problem: 'it stands after the end that the chain states' };
  return undefined;
}
