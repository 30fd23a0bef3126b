import { createHash, randomBytes } from 'node:crypto';
import { createDatabase, migrate, readMigrations, type Database } from '@lab/database';
import pg from 'pg';
import { underLock } from './lock-file.js';
import { lockPath, sharedPostgres, type SharedPostgres } from './shared-postgres.js';
import { statementRecorder, type StatementRecorder } from './statement-recorder.js';

export interface TestDatabaseOptions {
  /** Connections at most. */
  poolSize?: number;
  /** Without tables, for tests of what makes them. */
  empty?: boolean;
}

/** A database of a test's own, on a real PostgreSQL. */
export interface TestDatabase {
  url: string;
  database: Database;
  /** What `database` sends: `await statements.during(() => …)`. */
  statements: StatementRecorder;
  /** Closes `database` and removes the database, also under open connections of others. */
  drop: () => Promise<void>;
}

/**
 * A fresh database with this program's tables and no rows: a copy of a template, so it takes some 70 ms. The server
 * behind it is shared by all test processes, starts with the first and needs nothing in Jest's configuration.
 */
export async function testDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const server = await sharedPostgres();
  const name = `test_${String(process.pid)}_${randomBytes(6).toString('hex')}`;
  const url = urlOf(server, name);
  const isCockroach = await runsCockroach(server);
  if (isCockroach) {
    // It copies no templates.
    await administer(server.url, `CREATE DATABASE ${name}`);
    if (options.empty !== true) await migrate({ url });
  } else {
    const template = options.empty === true ? 'template0' : await ensureTemplate(server);
    await administer(server.url, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  }
  const statements = statementRecorder();
  const database = createDatabase({
    url,
    poolSize: options.poolSize ?? 5,
    applicationName: name,
    onStatement: statements.record,
  });
  return {
    url,
    database,
    statements,
    drop: async () => {
      await database.close();
      await administer(
        server.url,
        `DROP DATABASE IF EXISTS ${name} ${isCockroach ? 'CASCADE' : 'WITH (FORCE)'}`,
      );
    },
  };
}

const cockroach = new Map<string, Promise<boolean>>();

function runsCockroach({ url }: SharedPostgres): Promise<boolean> {
  const known =
    cockroach.get(url) ??
    administer(url, "SELECT 1 WHERE version() LIKE 'CockroachDB%'").then((rows) => rows === 1);
  cockroach.set(url, known);
  return known;
}

function urlOf(server: SharedPostgres, name: string): string {
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  return url.href;
}

const templates = new Map<string, Promise<string>>();

/** The template for the migrations as they are now: whoever changes them gets another. */
async function ensureTemplate(server: SharedPostgres): Promise<string> {
  const checksums = (await readMigrations()).map(({ name, checksum }) => `${name} ${checksum}`);
  const name = `template_${createHash('sha256').update(checksums.join('\n')).digest('hex').slice(0, 16)}`;
  const made = templates.get(name) ?? underLock(lockPath(server.root), () => makeTemplate(server, name));
  templates.set(name, made);
  return made;
}

async function makeTemplate(server: SharedPostgres, name: string): Promise<string> {
  if (await exists(server.url, name)) return name;
  const unfinished = `${name}_unfinished`;
  await administer(server.url, `DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`);
  await administer(server.url, `CREATE DATABASE ${unfinished}`);
  await migrate({ url: urlOf(server, unfinished) });
  await administer(server.url, `ALTER DATABASE ${unfinished} RENAME TO ${name}`);
  return name;
}

async function exists(url: string, name: string): Promise<boolean> {
  const found = await administer(url, 'SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  return found > 0;
}

/** One statement as superuser; answers the number of rows. */
async function administer(url: string, sql: string, values: readonly string[] = []): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query(sql, [...values]);
    return rowCount ?? 0;
  } finally {
    await client.end();
  }
}
