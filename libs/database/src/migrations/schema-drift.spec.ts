import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readSchema } from '../../test/prisma-schema.js';
import { query, temporaryPostgres, type TemporaryPostgres } from '../../test/temporary-postgres.js';
import { Prisma } from '../generated/client.js';
import { migrate } from './migrate.js';

const schema = readSchema(fileURLToPath(new URL('../../../../prisma/schema.prisma', import.meta.url)));

/** Only in the SQL: schema.prisma has no partial indexes, and none of expressions. */
const BEYOND_PRISMA = [
  'server_nics (mac) unique where boot',
  "server_nics (network_id, split_part(settings ->> 'address'::text, '/'::text, 1))",
  'installs (server_id) unique where (finished_at IS NULL)',
  'feed_events (at) where (seq IS NULL)',
  'audit_log (at) where (seq IS NULL)',
];

const COLUMNS = `
  SELECT c.relname || '.' || a.attname || ': ' || format_type(a.atttypid, a.atttypmod)
         || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
         || COALESCE(' default ' || regexp_replace(pg_get_expr(d.adbin, d.adrelid), '::[a-z]+(\\[\\])?$', ''), '') AS line
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
   WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname NOT LIKE '\\_%'`;
const INDEXES = `
  SELECT t.relname || ' (' || (SELECT string_agg(pg_get_indexdef(i.indexrelid, k, true), ', ' ORDER BY k)
                                 FROM generate_series(1, i.indnkeyatts) k) || ')'
         || CASE WHEN i.indisprimary THEN ' primary' WHEN i.indisunique THEN ' unique' ELSE '' END
         || COALESCE(' where ' || pg_get_expr(i.indpred, i.indrelid), '') AS line
    FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
   WHERE t.relnamespace = 'public'::regnamespace AND t.relname NOT LIKE '\\_%'`;
const FOREIGN_KEYS = `
  SELECT f.conrelid::regclass || ' (' || (SELECT string_agg(a.attname, ', ') FROM pg_attribute a
                                           WHERE a.attrelid = f.conrelid AND a.attnum = ANY (f.conkey)) || ') -> '
         || f.confrelid::regclass || ' (' || (SELECT string_agg(a.attname, ', ') FROM pg_attribute a
                                               WHERE a.attrelid = f.confrelid AND a.attnum = ANY (f.confkey)) || ') on delete '
         || CASE f.confdeltype WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set null' WHEN 'r' THEN 'restrict' ELSE 'no action' END
         AS line
    FROM pg_constraint f WHERE f.contype = 'f' AND f.connamespace = 'public'::regnamespace`;

describe('the migrations build what schema.prisma says', () => {
  let postgres: TemporaryPostgres;
  let url: string;
  const lines = async (sql: string): Promise<string[]> =>
    (await query(url, sql)).map((row) => String(row['line'])).sort();

  beforeAll(async () => {
    postgres = await temporaryPostgres();
    url = await postgres.emptyDatabase();
    await migrate({ url });
  });
  afterAll(() => postgres.remove());

  it('reads schema.prisma as Prisma does: the same models with the same fields', () => {
    expect(Object.keys(schema.fields).sort()).toEqual(Object.keys(Prisma.ModelName).sort());
    for (const [model, fields] of Object.entries(schema.fields)) {
      const generated: unknown = Object.entries(Prisma).find(
        ([name]) => name === `${model}ScalarFieldEnum`,
      )?.[1];
      expect(typeof generated === 'object' && generated !== null ? Object.keys(generated) : []).toEqual(
        fields,
      );
    }
  });

  it('has the same columns: types, nullability, defaults', async () => {
    expect(await lines(COLUMNS)).toEqual(schema.columns.toSorted());
  });

  it('has the same primary keys, unique and other indexes', async () => {
    expect(await lines(INDEXES)).toEqual([...schema.indexes, ...BEYOND_PRISMA].sort());
  });

  it('has the same foreign keys', async () => {
    expect(await lines(FOREIGN_KEYS)).toEqual(schema.foreignKeys.toSorted());
  });
});
