import { LabError, printable, systemClock, type Clock } from '@lab/domain';
import type pg from 'pg';
import { withClient } from '../database-client.js';
import { sqlStateOf } from '../database-errors.js';
import { migrate } from '../migrations/migrate.js';
import { readMigrations } from '../migrations/migration-folder.js';
import { readBackupFile, writeBackupFile, type BackupChunk, type BackupSummary } from './backup-file.js';

const ROWS_AT_ONCE = 500;
/** Where there is something, there is a lab that restoring would destroy. */
const SIGNS_OF_USE = ['users', 'servers', 'audit_log'];

export type { BackupSummary } from './backup-file.js';

/**
 * Writes all rows of a database, as of one moment, to a file; others go on reading and writing. The file is gzip of JSON lines
 * and holds password hashes; the key of the audit log is not in it. Throws LabError `exists`, `environment`,
 * `database-unavailable`.
 */
export async function backup(url: string, file: string, clock: Clock = systemClock): Promise<BackupSummary> {
  return withClient(url, 'labd-backup', async (client) => {
    await client.query('BEGIN ISOLATION LEVEL SERIALIZABLE, READ ONLY, DEFERRABLE');
    const migrations = await migrationsOf(client);
    if (migrations.length === 0) {
      throw new LabError('environment', 'the database is empty', {
        hint: 'There is nothing to back up: labd has never run on it.',
      });
    }
    const tables = await tablesInOrder(client);
    const createdAt = new Date(clock.now()).toISOString();
    return writeBackupFile(file, { createdAt, migrations }, chunksOf(client, tables));
  });
}

/**
 * Fills an empty database from a file, in one transaction, and brings it to this program's schema. Throws LabError `exists` when the
 * database is in use, `invalid` when the file is damaged or of a newer program, `environment`, `database-unavailable`.
 */
export async function restore(url: string, file: string): Promise<BackupSummary> {
  const { header, chunks } = await readBackupFile(file);
  const known = new Set((await readMigrations()).map(({ name }) => name));
  const unknown = header.migrations.find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw new LabError('invalid', `the back-up is of a newer labd: it has migration ${unknown}`, {
      hint: 'Restore it with the version of labd that made it, or a newer one.',
    });
  }
  const summary = await withClient(url, 'labd-backup', async (client) => {
    await refuseUsed(client);
    await migrate({ url, only: header.migrations });
    await client.query('BEGIN');
    const tables = await tablesInOrder(client);
    for (const table of tables.toReversed()) await client.query(`DELETE FROM ${quoted(table)}`);
    const filled = new Set<string>();
    let rows = 0;
    for await (const { table, rows: text } of chunks) {
      if (!tables.includes(table))
        throw new LabError('invalid', `the back-up has a table ${table}, which is none of labd's`);
      // Fields that a row lacks are null, and each has all that its table had.
      const sql = `INSERT INTO ${quoted(table)} SELECT * FROM jsonb_populate_recordset(NULL::${quoted(table)}, $1::JSONB)`;
      const { rowCount } = await client.query(sql, [text]).catch((error: unknown) => {
        throw refused(file, table, error);
      });
      filled.add(table);
      rows += rowCount ?? 0;
    }
    await client.query('COMMIT');
    return { createdAt: header.createdAt, tables: filled.size, rows };
  });
  await migrate({ url });
  return summary;
}

async function* chunksOf(
  client: pg.Client,
  tables: readonly string[],
): AsyncGenerator<BackupChunk & { count: number }> {
  for (const table of tables) {
    await client.query(`DECLARE backup CURSOR FOR SELECT to_jsonb(t)::TEXT AS row FROM ${quoted(table)} t`);
    for (;;) {
      const { rows } = await client.query<{ row: string }>(`FETCH ${ROWS_AT_ONCE} FROM backup`);
      if (rows.length === 0) break;
      yield { table, rows: `[${rows.map(({ row }) => row).join(',')}]`, count: rows.length };
    }
    await client.query('CLOSE backup');
  }
}

/** Ours, those first that others refer to. */
async function tablesInOrder(client: pg.Client): Promise<string[]> {
  const { rows: tables } = await client.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name NOT LIKE '\\_%' ORDER BY table_name`,
  );
  const { rows: references } = await client.query<{ child: string; parent: string }>(
    `SELECT c.relname AS child, p.relname AS parent FROM pg_constraint f
     JOIN pg_class c ON c.oid = f.conrelid JOIN pg_class p ON p.oid = f.confrelid
     WHERE f.contype = 'f' AND c.relname <> p.relname`,
  );
  const parents = Map.groupBy(references, ({ child }) => child);
  const ordered = new Set<string>();
  const add = (name: string, path: readonly string[]): void => {
    if (ordered.has(name) || path.includes(name)) return;
    for (const { parent } of parents.get(name) ?? []) add(parent, [...path, name]);
    ordered.add(name);
  };
  for (const { name } of tables) add(name, []);
  return [...ordered];
}

async function migrationsOf(client: pg.Client): Promise<string[]> {
  const { rows: found } = await client.query(
    `SELECT 1 FROM information_schema.tables WHERE table_schema = 'public' AND table_name = '_prisma_migrations'`,
  );
  if (found.length === 0) return [];
  const { rows } = await client.query<{ name: string }>(
    `SELECT migration_name AS name FROM _prisma_migrations
     WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`,
  );
  return rows.map(({ name }) => name);
}

async function refuseUsed(client: pg.Client): Promise<void> {
  const present = new Set(await tablesInOrder(client));
  for (const table of SIGNS_OF_USE.filter((name) => present.has(name))) {
    const { rows } = await client.query(`SELECT 1 FROM ${quoted(table)} LIMIT 1`);
    if (rows.length === 0) continue;
    throw new LabError('exists', `the database is in use: there are rows in ${table}`, {
      hint: 'Restore into an empty database: name a new folder in LABD_DATA_DIR, or a new database in DATABASE_URL.',
    });
  }
}

/** A file can be damaged and still be JSON: then the database finds values and references that can't be. */
function refused(file: string, table: string, error: unknown): unknown {
  if (!/^2[23]/.test(sqlStateOf(error) ?? '')) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new LabError('invalid', `the back-up ${file} is damaged: ${table}: ${printable(reason)}`, {
    hint: 'Nothing was restored. Take another back-up.',
    cause: error,
  });
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
