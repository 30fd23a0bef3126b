import { randomUUID } from 'node:crypto';
import { LabError } from '@lab/domain';
import pg from 'pg';
import { asDatabaseError, sqlStateOf } from '../database-errors.js';
import { readMigrations, type Migration } from './migration-folder.js';
import { splitStatements } from './sql-statements.js';

export interface MigrateOptions {
  url: string;
  /** Folder of `NAME/migration.sql`; the program's own by default. */
  folder?: string;
  /** Names of those to apply; all by default. */
  only?: readonly string[];
  /** How long to wait for another replica that migrates. */
  lockTimeoutMs?: number;
}

export interface MigrationReport {
  /** Names of the migrations that this call applied, in order. */
  applied: string[];
  /** How many the database had already. */
  present: number;
}

/** Prisma's own table, so that its tools see the same history. */
const BOOKKEEPING = [
  `CREATE TABLE IF NOT EXISTS _prisma_migrations (
     id TEXT NOT NULL PRIMARY KEY,
     checksum TEXT NOT NULL,
     finished_at TIMESTAMPTZ,
     migration_name TEXT NOT NULL,
     logs TEXT,
     rolled_back_at TIMESTAMPTZ,
     started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
     applied_steps_count INT4 NOT NULL DEFAULT 0
   )`,
  'CREATE TABLE IF NOT EXISTS _lab_migration_lock (id INT4 NOT NULL PRIMARY KEY)',
  'INSERT INTO _lab_migration_lock (id) VALUES (1) ON CONFLICT (id) DO NOTHING',
];

/** PostgreSQL's CREATE TABLE IF NOT EXISTS may lose a race with itself: unique violation, duplicate table or object. */
const LOST_RACE: ReadonlySet<string | undefined> = new Set(['23505', '42P07', '42710', '40001', 'XX000']);
const RACE_ATTEMPTS = 10;

interface AppliedRow {
  migration_name: string;
  checksum: string;
  finished_at: Date | null;
}

/**
 * Brings a database to this program's schema. Several replicas may call it at once: one holds a row lock while it
 * applies, the others wait and then find nothing to do.
 *
 * Throws LabError `environment` when an applied migration's file has changed, when the database is newer than the
 * program, or when a migration fails; `timed-out` when another replica holds the lock too long;
 * `database-unavailable` when there is no database.
 */
export async function migrate(options: MigrateOptions): Promise<MigrationReport> {
  const migrations = await readMigrations(options.folder);
  const pool = new pg.Pool({ connectionString: options.url, max: 2, connectionTimeoutMillis: 10_000 });
  pool.on('error', () => {
    // An idle connection broke; the next query on the pool says so itself.
  });
  try {
    return await withLock(pool, options.lockTimeoutMs ?? 120_000, (client) =>
      applyPending(client, migrations, options.only),
    );
  } catch (error) {
    throw asDatabaseError(error, options.url) ?? error;
  } finally {
    await pool.end();
  }
}

async function withLock<T>(
  pool: pg.Pool,
  timeoutMs: number,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const lock = await pool.connect();
  try {
    await prepare(lock);
    await lock.query('BEGIN');
    await lock.query(`SET LOCAL lock_timeout = '${String(Math.round(timeoutMs))}ms'`);
    await lock.query('SELECT id FROM _lab_migration_lock WHERE id = 1 FOR UPDATE').catch((error: unknown) => {
      if (sqlStateOf(error) !== '55P03') throw error;
      throw new LabError('timed-out', 'another program has been migrating the database for too long', {
        hint: 'Wait until it is done, or end it if it hangs; then start again.',
        cause: error,
      });
    });
    // A second connection: CockroachDB commits a transaction before it changes a table, and the lock with it.
    const client = await pool.connect();
    try {
      return await work(client);
    } finally {
      client.release();
    }
  } finally {
    await lock.query('ROLLBACK').catch(() => undefined);
    lock.release();
  }
}

async function prepare(client: pg.PoolClient): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      for (const statement of BOOKKEEPING) await client.query(statement);
      return;
    } catch (error) {
      if (attempt === RACE_ATTEMPTS || !LOST_RACE.has(sqlStateOf(error))) throw error;
    }
  }
}

async function applyPending(
  client: pg.PoolClient,
  migrations: readonly Migration[],
  only: readonly string[] | undefined,
): Promise<MigrationReport> {
  const { rows } = await client.query<AppliedRow>(
    'SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL',
  );
  const finished = new Map(
    rows.filter((row) => row.finished_at !== null).map((row) => [row.migration_name, row.checksum]),
  );
  refuseForeignHistory(finished, migrations);
  const pending = migrations.filter(
    ({ name }) => !finished.has(name) && (only === undefined || only.includes(name)),
  );
  for (const migration of pending) await apply(client, migration);
  return { applied: pending.map((migration) => migration.name), present: finished.size };
}

function refuseForeignHistory(finished: ReadonlyMap<string, string>, migrations: readonly Migration[]): void {
  const known = new Map(migrations.map((migration) => [migration.name, migration.checksum]));
  for (const [name, checksum] of finished) {
    const ours = known.get(name);
    if (ours === undefined) {
      throw new LabError('environment', `the database is newer than this program: it has migration ${name}`, {
        hint: 'Start a version of the program that knows this migration, or use another database.',
        details: { migration: name },
      });
    }
    if (ours !== checksum) {
      throw new LabError('environment', `migration ${name} was changed after the database had applied it`, {
        hint: 'Restore the file, and put the change into a new migration.',
        details: { migration: name },
      });
    }
  }
}

async function apply(client: pg.PoolClient, migration: Migration): Promise<void> {
  const { rows } = await client.query<{ version: string }>('SELECT version()');
  // PostgreSQL takes a whole migration back when a statement fails. CockroachDB can't: there each statement stands
  // alone, and a migration that was cut short runs again from the top (every statement is IF NOT EXISTS).
  const whole = !(rows[0]?.version ?? '').includes('CockroachDB');
  if (whole) await client.query('BEGIN');
  try {
    await client.query('DELETE FROM _prisma_migrations WHERE migration_name = $1 AND finished_at IS NULL', [
      migration.name,
    ]);
    const id = randomUUID();
    await client.query('INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ($1, $2, $3)', [
      id,
      migration.checksum,
      migration.name,
    ]);
    for (const statement of splitStatements(migration.sql)) {
      await client.query(statement.text).catch((error: unknown) => {
        throw failure(migration, statement.line, error);
      });
    }
    await client.query(
      'UPDATE _prisma_migrations SET finished_at = clock_timestamp(), applied_steps_count = 1 WHERE id = $1',
      [id],
    );
    if (whole) await client.query('COMMIT');
  } catch (error) {
    if (whole) await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

function failure(migration: Migration, line: number, error: unknown): unknown {
  if (sqlStateOf(error) === undefined) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new LabError(
    'environment',
    `migration ${migration.name} failed at line ${String(line)}: ${reason}`,
    {
      hint: 'The database is as it was before this migration where it can take changes back; report this.',
      details: { migration: migration.name, line },
      cause: error,
    },
  );
}
