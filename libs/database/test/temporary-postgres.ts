import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../src/embedded/embedded-postgres.js';

/** A PostgreSQL for the specs of one file; libs/testing, which has a shared one, builds on what is tested here. */
export interface TemporaryPostgres {
  server: EmbeddedPostgres;
  /** URL of a new database without tables. */
  emptyDatabase: () => Promise<string>;
  remove: () => Promise<void>;
}

/** Runs one statement; answers its rows. */
export async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return rows;
  } finally {
    await client.end();
  }
}

export const temporaryFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'lab-database-spec-'));

export async function temporaryPostgres(): Promise<TemporaryPostgres> {
  const folder = await temporaryFolder();
  const server = await startEmbeddedPostgres({
    dataDir: join(folder, 'postgres'),
    settings: { fsync: 'off', synchronous_commit: 'off' },
  });
  return {
    server,
    emptyDatabase: async () => {
      const name = `spec_${randomBytes(6).toString('hex')}`;
      await query(server.url, `CREATE DATABASE ${name}`);
      return server.url.replace(/\/lab$/, `/${name}`);
    },
    remove: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
