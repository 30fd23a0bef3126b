import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';

/** What an audit row states. Everything in it is covered by its HMAC. */
export interface AuditFacts {
  id: string;
  at: Date;
  actor: string;
  action: string;
  kind: string;
  resourceId: string | null;
  resourceName: string | null;
  cloud: string | null;
  environment: string | null;
  before: unknown;
  after: unknown;
  requestId: string | null;
  source: string | null;
}

/** A row in its place in the chain. */
export interface SealedRow extends AuditFacts {
  seq: bigint;
  hmac: string;
  previousHash: string | null;
  hash: string | null;
}

/** What the first row is chained to. */
export const GENESIS = '0'.repeat(64);

/** The row's content in one spelling, whichever way it came. */
const content = (row: AuditFacts): string =>
  canonicalJson([
    row.id,
    row.at.toISOString(),
    row.actor,
    row.action,
    row.kind,
    row.resourceId,
    row.resourceName,
    row.cloud,
    row.environment,
    row.before,
    row.after,
    row.requestId,
    row.source,
  ]);

/** HMAC-SHA-256 (hex): who can write to the database but lacks the key can't make or change a row. */
export const hmacOf = (key: Buffer, row: AuditFacts): string =>
  createHmac('sha256', key).update(content(row)).digest('hex');

/** The link of the chain: SHA-256 (hex) over the hash before, the place, and the row with its HMAC. */
export const chainHash = (previousHash: string, seq: bigint, row: AuditFacts & { hmac: string }): string =>
  createHash('sha256')
    .update(`${previousHash}\n${seq}\n${row.hmac}\n${content(row)}`)
    .digest('hex');

/** Where a chain stands after a row. */
export interface ChainHead {
  seq: bigint;
  hash: string;
}

/** A place where the chain doesn't hold. */
export interface ChainBreak {
  seq: string;
  problem: string;
}

/**
 * Checks rows, ordered by `seq`, that follow `head`. Stops at the first row that was altered, removed, put in or moved:
 * what comes after it proves nothing.
 */
export function checkRows(
  key: Buffer,
  head: ChainHead,
  rows: readonly SealedRow[],
): { head: ChainHead; broken?: ChainBreak } {
  let { seq, hash } = head;
  for (const row of rows) {
    const broken = (problem: string) => ({ head: { seq, hash }, broken: { seq: String(row.seq), problem } });
    if (row.seq !== seq + 1n) return broken(`row ${seq + 1n} is missing`);
    if (row.previousHash !== hash) return broken('it is not chained to the row before');
    if (!same(row.hmac, hmacOf(key, row))) return broken('its content was changed, or another key is in use');
    if (row.hash === null || !same(row.hash, chainHash(hash, row.seq, row)))
      return broken('its hash was changed');
    seq = row.seq;
    hash = row.hash;
  }
  return { head: { seq, hash } };
}

function same(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
