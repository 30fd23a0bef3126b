import { mkdtemp, readFile, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { temporaryPostgres, query, type TemporaryPostgres } from '../../test/temporary-postgres.js';
import { migrate } from '../migrations/migrate.js';
import { readMigrations } from '../migrations/migration-folder.js';
import { backup, restore } from './backup.js';

/** One of each sort of value: text with everything in it, JSON with a number that JavaScript can't hold, arrays, moments, nulls. */
const FILL = `
  INSERT INTO bastions (id, name) VALUES ('00000000-0000-4000-8000-000000000001', 'site-a');
  INSERT INTO servers (id, name, phase, annotations, addresses, bastion_id, memory_bytes, last_seen_at) VALUES
    ('00000000-0000-4000-8000-000000000002', 'node1', 'installed',
     '{"note": "a \\"quoted\\" line\\nand {braces} ž 🚀", "big": 12345678901234567890}', '{10.0.0.1,"10.0.0.2"}',
     '00000000-0000-4000-8000-000000000001', 9007199254740993, '2026-11-22T10:00:00.123Z');
  INSERT INTO servers (name) SELECT 'many' || n FROM generate_series(1, 1200) n;
  INSERT INTO server_nics (server_id, name, mac) VALUES
    ('00000000-0000-4000-8000-000000000002', 'ens3', '52:54:00:00:00:01');
  INSERT INTO users (name, password_hash) VALUES ('admin', '$argon2id$v=19$secret');
`;

describe('backup and restore', () => {
  let postgres: TemporaryPostgres;
  let folder: string;
  let file: string;
  let source: string;
  beforeAll(async () => {
    postgres = await temporaryPostgres();
    source = await postgres.emptyDatabase();
    await migrate({ url: source });
    await query(source, FILL);
  });
  afterAll(() => postgres.remove());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lab-backup-'));
    file = join(folder, 'lab.backup');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const everything = async (url: string): Promise<string> => {
    const tables = ['bastions', 'servers', 'server_nics', 'users'];
    const parts = tables.map((name) => query(url, `SELECT t::TEXT AS row FROM ${name} t ORDER BY t.id`));
    return JSON.stringify(await Promise.all(parts));
  };

  it('bring every row to another database as it was', async () => {
    const written = await backup(source, file);
    expect(written).toMatchObject({ rows: 1204 });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const target = await postgres.emptyDatabase();
    expect(await restore(target, file)).toMatchObject({ rows: 1204, createdAt: written.createdAt });
    expect(await everything(target)).toBe(await everything(source));
  });

  it('bring what an older program wrote to this schema', async () => {
    const [first] = await readMigrations();
    const old = await postgres.emptyDatabase();
    await migrate({ url: old, only: [first?.name ?? ''] });
    await query(old, "INSERT INTO users (name) VALUES ('ada')");
    await backup(old, file);
    const target = await postgres.emptyDatabase();
    await restore(target, file);
    expect(await query(target, 'SELECT name, identity FROM users')).toEqual([
      { name: 'ada', identity: null },
    ]);
    expect(await migrate({ url: target })).toMatchObject({ applied: [] });
  });

  it('take one moment, while others write', async () => {
    const writing = query(
      source,
      `INSERT INTO clusters (name) SELECT 'c' || n FROM generate_series(1, 2000) n; SELECT pg_sleep(0.2)`,
    );
    await backup(source, file);
    await writing;
    const target = await postgres.emptyDatabase();
    await restore(target, file);
    const [row] = await query(target, 'SELECT count(*)::INT4 AS clusters FROM clusters');
    expect([0, 2000]).toContain(row?.['clusters']);
    await query(source, 'DELETE FROM clusters');
  });

  it('overwrite neither a file nor a database', async () => {
    await writeFile(file, 'mine');
    await expect(backup(source, file)).rejects.toMatchObject({ code: 'exists' });
    expect(await readFile(file, 'utf8')).toBe('mine');
    const good = join(folder, 'good');
    await backup(source, good);
    await expect(restore(source, good)).rejects.toMatchObject({
      code: 'exists',
      hint: expect.stringContaining('LABD_DATA_DIR'),
    });
  });

  it('leave nothing behind when the file is cut short or damaged', async () => {
    await backup(source, file);
    const whole = await readFile(file);
    const target = await postgres.emptyDatabase();
    await truncate(file, Math.floor(whole.length * 0.9));
    await expect(restore(target, file)).rejects.toMatchObject({ code: 'invalid' });
    const middle = Math.floor(whole.length / 2);
    whole.writeUInt8(whole.readUInt8(middle) ^ 0xff, middle);
    await writeFile(file, whole);
    await expect(restore(target, file)).rejects.toMatchObject({ code: 'invalid' });
    expect(await query(target, 'SELECT count(*)::INT4 AS n FROM servers')).toEqual([{ n: 0 }]);
  });

  it.each([
    ['is text', Buffer.from('hello')],
    ['is empty', Buffer.alloc(0)],
    ['is other JSON', gzipSync('{"a":1}\n')],
  ])('refuse a file that %s', async (_what, content) => {
    await writeFile(file, content);
    await expect(restore(source, file)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('is not a back-up'),
    });
  });

  it('refuse a file of a newer program, a file that is not there and a folder', async () => {
    const header = { 'lab-backup': 1, createdAt: '2030-01-01T00:00:00Z', migrations: ['9999_future'] };
    await writeFile(file, gzipSync(`${JSON.stringify(header)}\n`));
    await expect(restore(source, file)).rejects.toMatchObject({
      message: expect.stringContaining('9999_future'),
    });
    await expect(restore(source, join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'environment' });
    await expect(backup(source, folder)).rejects.toMatchObject({ code: 'exists' });
    await expect(backup(source, join(folder, 'no', 'where'))).rejects.toMatchObject({ code: 'environment' });
    expect(await readdir(folder)).toEqual(['lab.backup']);
  });
});
