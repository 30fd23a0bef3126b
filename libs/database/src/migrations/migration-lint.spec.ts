import { describe, expect, it } from '@jest/globals';
import { readMigrations } from './migration-folder.js';
import { lintMigration } from './migration-lint.js';

const table = (column: string): string => `CREATE TABLE IF NOT EXISTS t (${column});`;

describe('lintMigration', () => {
  it('accepts every migration of this program', async () => {
    for (const migration of await readMigrations()) {
      expect({ name: migration.name, findings: lintMigration(migration.sql) }).toEqual({
        name: migration.name,
        findings: [],
      });
    }
  });

  it.each([
    [table('id INTEGER'), /INT4 or INT8/],
    [table('id bigint'), /INT4 or INT8/],
    [table('id SERIAL'), /no SERIAL/],
    [table('id INT8 GENERATED ALWAYS AS IDENTITY'), /identity/],
    [table('name VARCHAR(20)'), /TEXT/],
    [table('at TIMESTAMP'), /TIMESTAMPTZ/],
    [table('doc JSON'), /JSONB/],
    ['ALTER TABLE t ALTER COLUMN a TYPE BIGINT;', /INT4 or INT8/],
    ["UPDATE t SET a = '1'::INTEGER;", /INT4 or INT8/],
    [table('net CIDR'), /lacks/],
    [table('id UUID DEFAULT uuid_generate_v4()'), /gen_random_uuid/],
    [table('id INT4') + 'LISTEN changes;', /LISTEN/],
    ['SELECT pg_advisory_lock(1);', /advisory/],
    ['LOCK TABLE t;', /lock a row/],
    ['DO $$ BEGIN END $$;', /DO blocks/],
    ['CREATE FUNCTION f() RETURNS INT4 AS $x$ $x$;', /functions/],
    ['CREATE TRIGGER x AFTER INSERT ON t;', /triggers/],
    ['CREATE EXTENSION IF NOT EXISTS pgcrypto;', /extensions/],
    ["CREATE TYPE phase AS ENUM ('a');", /TEXT with a CHECK/],
    ['CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a);', /only PostgreSQL/],
    ['CREATE INDEX IF NOT EXISTS i ON t (a) STORING (b);', /only CockroachDB/],
    ['BEGIN; ' + table('id INT4') + ' COMMIT;', /the runner/],
    ["INSERT INTO t VALUES (E'a\\n');", /E'/],
    ['CREATE TABLE t (id INT4);', /IF NOT EXISTS/],
    ['CREATE UNIQUE INDEX i ON t (a);', /IF NOT EXISTS/],
    ['ALTER TABLE t ADD COLUMN a TEXT;', /IF NOT EXISTS/],
    ['DROP TABLE t;', /IF EXISTS/],
    ['ALTER TABLE t DROP COLUMN a;', /IF EXISTS/],
    [table('id INT4') + '\nINSERT INTO t VALUES (1);', /separate migrations/],
    ['-- nothing', /no statement/],
  ])('refuses %s', (sql, message) => {
    expect(lintMigration(sql).map((finding) => finding.message)).toContainEqual(
      expect.stringMatching(message),
    );
  });

  it('says on which line', () => {
    expect(lintMigration(`${table('id INT4')}\n\n${table('n INTEGER')}`)).toMatchObject([{ line: 3 }]);
  });

  it.each([
    [table("note TEXT DEFAULT 'no SERIAL here; DO it'")],
    ['-- INTEGER is wider there\n' + table('id INT4')],
    ['ALTER TABLE t ADD COLUMN IF NOT EXISTS a TIMESTAMPTZ(3);'],
    ["UPDATE t SET a = 'INTEGER';"],
    [table('serial TEXT, cidr TEXT')],
    ['ALTER TABLE t ADD COLUMN IF NOT EXISTS serial TEXT;'],
    ['CREATE INDEX IF NOT EXISTS i ON t (name, serial);'],
  ])('accepts %s', (sql) => {
    expect(lintMigration(sql)).toEqual([]);
  });
});
