import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import {
  query,
  temporaryFolder,
  temporaryPostgres,
  type TemporaryPostgres,
} from '../../test/temporary-postgres.js';
import { migrate } from './migrate.js';
import { readMigrations } from './migration-folder.js';

const FIRST = 'CREATE TABLE IF NOT EXISTS machines (id INT4 NOT NULL PRIMARY KEY);';
const SECOND = 'ALTER TABLE machines ADD COLUMN IF NOT EXISTS name TEXT;';

describe('migrate', () => {
  let postgres: TemporaryPostgres;
  let folder: string;
  let url: string;

  const write = async (name: string, sql: string): Promise<void> => {
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, name, 'migration.sql'), sql);
  };
  const history = (): Promise<Record<string, unknown>[]> =>
    query(
      url,
      'SELECT migration_name AS name, finished_at IS NOT NULL AS finished FROM _prisma_migrations ORDER BY 1',
    );

  beforeAll(async () => {
    postgres = await temporaryPostgres();
  });
  afterAll(() => postgres.remove());
  beforeEach(async () => {
    folder = await temporaryFolder();
    url = await postgres.emptyDatabase();
    await write('0001_first', FIRST);
    await write('0002_second', SECOND);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('applies what is missing, in order, once', async () => {
    expect(await migrate({ url, folder })).toEqual({ applied: ['0001_first', '0002_second'], present: 0 });
    expect(await migrate({ url, folder })).toEqual({ applied: [], present: 2 });
    await write('0003_third', 'CREATE TABLE IF NOT EXISTS disks (id INT4 NOT NULL PRIMARY KEY);');
    expect(await migrate({ url, folder })).toEqual({ applied: ['0003_third'], present: 2 });
  });

  it("keeps Prisma's own table, with its checksums", async () => {
    await migrate({ url, folder });
    const [{ checksum } = { checksum: '' }] = await readMigrations(folder);
    expect(
      await query(url, 'SELECT * FROM _prisma_migrations ORDER BY migration_name LIMIT 1'),
    ).toMatchObject([
      { migration_name: '0001_first', checksum, applied_steps_count: 1, rolled_back_at: null, logs: null },
    ]);
  });

  it('applies each migration once when four programs start at once', async () => {
    const reports = await Promise.all([1, 2, 3, 4].map(() => migrate({ url, folder })));
    expect(reports.flatMap((report) => report.applied).sort()).toEqual(['0001_first', '0002_second']);
    expect(await history()).toHaveLength(2);
  });

  it('refuses a migration that was changed after it was applied', async () => {
    await migrate({ url, folder });
    await write('0001_first', `${FIRST} -- a harmless comment`);
    await expect(migrate({ url, folder })).rejects.toMatchObject({
      code: 'environment',
      message: expect.stringContaining('0001_first was changed'),
      hint: expect.stringContaining('new migration'),
    });
  });

  it('refuses a database that is newer than the program', async () => {
    await migrate({ url, folder });
    await rm(join(folder, '0002_second'), { recursive: true });
    await expect(migrate({ url, folder })).rejects.toMatchObject({
      code: 'environment',
      message: expect.stringContaining('newer than this program'),
    });
  });

  it('leaves nothing of a migration that failed, says where, and can go on when it is repaired', async () => {
    await write(
      '0003_broken',
      'CREATE TABLE IF NOT EXISTS half (id INT4);\n\nALTER TABLE nowhere ADD COLUMN IF NOT EXISTS a TEXT;',
    );
    await expect(migrate({ url, folder })).rejects.toMatchObject({
      code: 'environment',
      message: expect.stringMatching(/0003_broken failed at line 3: .*nowhere/),
    });
    expect(await query(url, "SELECT to_regclass('half') AS half")).toEqual([{ half: null }]);
    expect(await history()).toHaveLength(2);
    await write('0003_broken', 'CREATE TABLE IF NOT EXISTS half (id INT4);');
    expect(await migrate({ url, folder })).toEqual({ applied: ['0003_broken'], present: 2 });
  });

  it('runs a migration again that was cut short where tables change outside transactions', async () => {
    await migrate({ url, folder });
    await query(url, "UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = '0002_second'");
    expect(await migrate({ url, folder })).toEqual({ applied: ['0002_second'], present: 1 });
    expect(await history()).toEqual([
      { name: '0001_first', finished: true },
      { name: '0002_second', finished: true },
    ]);
  });

  it('gives up on a lock that another program does not release', async () => {
    await migrate({ url, folder });
    const holder = new pg.Client({ connectionString: url });
    await holder.connect();
    await holder.query('BEGIN; SELECT id FROM _lab_migration_lock WHERE id = 1 FOR UPDATE');
    await expect(migrate({ url, folder, lockTimeoutMs: 50 })).rejects.toMatchObject({ code: 'timed-out' });
    await holder.end();
    expect(await migrate({ url, folder })).toEqual({ applied: [], present: 2 });
  });

  it('says that the database is away without showing the password', async () => {
    const away = 'postgresql://lab:secret-word@127.0.0.1:1/lab';
    const failure: unknown = await migrate({ url: away, folder }).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'database-unavailable',
      message: 'the database at 127.0.0.1:1/lab does not answer',
    });
    expect(String(failure)).not.toContain('secret-word');
  });

  it('says that the program is not complete when it has no migrations', async () => {
    await expect(migrate({ url, folder: join(folder, 'nowhere') })).rejects.toMatchObject({
      code: 'environment',
    });
    await mkdir(join(folder, 'empty'));
    await expect(migrate({ url, folder: join(folder, 'empty') })).rejects.toMatchObject({
      code: 'environment',
    });
  });
});
