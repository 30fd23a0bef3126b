import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { query, temporaryPostgres, type TemporaryPostgres } from '../test/temporary-postgres.js';
import { createDatabase, type Database } from './database.js';
import { isSerializationFailure } from './database-errors.js';
import { migrate } from './migrations/migrate.js';

describe('createDatabase', () => {
  let postgres: TemporaryPostgres;
  let url: string;
  const open: Database[] = [];
  const connect = (options: Partial<Parameters<typeof createDatabase>[0]> = {}): Database => {
    const database = createDatabase({ url, ...options });
    open.push(database);
    return database;
  };
  const newServer = async (database: Database, name: string): Promise<string> =>
    (await database.client.server.create({ data: { name } })).id;
  const increment = (database: Database, id: string, attempts?: number): Promise<void> =>
    database.transaction(
      async (tx) => {
        const { version } = await tx.server.findUniqueOrThrow({ where: { id } });
        await tx.server.update({ where: { id }, data: { version: version + 1 } });
      },
      attempts === undefined ? {} : { attempts },
    );

  beforeAll(async () => {
    postgres = await temporaryPostgres();
    url = await postgres.emptyDatabase();
    await migrate({ url });
  });
  afterEach(() => Promise.all(open.splice(0).map((database) => database.close())));
  afterAll(() => postgres.remove());

  it('stores a machine with its NICs and disks, and sizes beyond 2^53 exactly', async () => {
    const { client } = connect();
    const sizeBytes = 2n ** 53n + 1n;
    const created = await client.server.create({
      data: {
        name: 'with-hardware',
        addresses: ['192.168.77.100/24'],
        nics: { create: [{ name: 'ens3', mac: '52:54:00:12:34:56', boot: true }] },
        disks: { create: [{ name: 'vda', sizeBytes }] },
      },
    });
    const read = await client.server.findUniqueOrThrow({
      where: { id: created.id },
      include: { nics: true, disks: true },
    });
    expect(read).toMatchObject({
      phase: 'discovered',
      version: 1,
      labels: {},
      addresses: ['192.168.77.100/24'],
      nics: [{ mac: '52:54:00:12:34:56', boot: true }],
      disks: [{ sizeBytes }],
    });
  });

  it.each([
    ['a phase that does not exist', { name: 'bad', phase: 'sleeping' }],
    [
      'a MAC address in upper case',
      { name: 'bad', nics: { create: { name: 'e', mac: '52:54:00:AA:BB:CC' } } },
    ],
  ])('refuses %s', async (_, data) => {
    await expect(connect().client.server.create({ data })).rejects.toThrow();
  });

  it('allows one running install of a server', async () => {
    const { client } = connect();
    const server = await client.server.create({ data: { name: 'busy' } });
    const install = (attempt: number, finishedAt?: Date) =>
      client.install.create({
        data: {
          ...{
            serverId: server.id,
            attempt,
            phaseBefore: 'discovered',
            profile: 'fedora-43',
            role: 'worker',
          },
          ...{ hostname: 'busy', diskRule: { serial: 'x' }, layout: 'lvm', requestedBy: 'admin' },
          ...(finishedAt !== undefined && { finishedAt, state: 'failed' }),
        },
      });
    await install(1, new Date());
    await install(2);
    await expect(install(3)).rejects.toMatchObject({ code: 'P2002' });
  });

  describe('transaction', () => {
    it('loses none of 50 read-modify-writes at once', async () => {
      const database = connect();
      const id = await newServer(database, 'counter');
      await Promise.all(Array.from({ length: 50 }, () => increment(database, id)));
      expect(await database.client.server.findUniqueOrThrow({ where: { id } })).toMatchObject({
        version: 51,
      });
    });

    it('would fail for most of them without the retries', async () => {
      const database = connect();
      const id = await newServer(database, 'counter-without');
      const results = await Promise.allSettled(Array.from({ length: 50 }, () => increment(database, id, 1)));
      const failed = results.filter((result) => result.status === 'rejected');
      expect(failed.length).toBeGreaterThan(10);
      expect(failed.every((result) => isSerializationFailure(result.reason))).toBe(true);
      expect(await database.client.server.findUniqueOrThrow({ where: { id } })).toMatchObject({
        version: 51 - failed.length,
      });
    });

    it('retries raw SQL too, whose conflicts Prisma reports otherwise', async () => {
      const database = connect();
      const id = await newServer(database, 'counter-raw');
      const incrementRaw = () =>
        database.transaction(async (tx) => {
          const rows = await tx.$queryRaw<
            { version: number }[]
          >`SELECT version FROM servers WHERE id = ${id}::uuid`;
          const next = (rows[0]?.version ?? 0) + 1;
          await tx.$executeRaw`UPDATE servers SET version = ${next}::int4 WHERE id = ${id}::uuid`;
        });
      await Promise.all(Array.from({ length: 30 }, incrementRaw));
      expect(await database.client.server.findUniqueOrThrow({ where: { id } })).toMatchObject({
        version: 31,
      });
    });

    it('retries a conflict that shows only at the commit', async () => {
      // Write skew: each reads both rows and writes one. PostgreSQL notices when the second commits.
      const database = connect();
      const ids = [await newServer(database, 'skew-a'), await newServer(database, 'skew-b')];
      let arrived = 0;
      let meet: () => void = () => undefined;
      const bothHaveRead = new Promise<void>((resolve) => (meet = resolve));
      const takeIfNoneTaken = (id: string) =>
        database.transaction(async (tx) => {
          const taken = await tx.server.count({ where: { id: { in: ids }, role: 'worker' } });
          arrived += 1;
          if (arrived === 2) meet();
          await bothHaveRead;
          if (taken === 0) await tx.server.update({ where: { id }, data: { role: 'worker' } });
        });
      await Promise.all(ids.map(takeIfNoneTaken));
      expect(arrived).toBe(3);
      expect(await database.client.server.count({ where: { id: { in: ids }, role: 'worker' } })).toBe(1);
    });

    it('takes everything back when the work throws, and throws that', async () => {
      const database = connect();
      const reason = new Error('changed my mind');
      const work = database.transaction(async (tx) => {
        await tx.server.create({ data: { name: 'never' } });
        throw reason;
      });
      await expect(work).rejects.toBe(reason);
      expect(await database.client.server.count({ where: { name: 'never' } })).toBe(0);
    });

    it('ends work that takes too long, and keeps nothing of it', async () => {
      const database = connect();
      const work = database.transaction(
        async (tx) => {
          await tx.server.create({ data: { name: 'too-slow' } });
          await tx.$queryRaw`SELECT pg_sleep(0.3)::text`;
          await tx.server.count();
        },
        { timeoutMs: 100 },
      );
      await expect(work).rejects.toThrow();
      expect(await database.client.server.count({ where: { name: 'too-slow' } })).toBe(0);
    });
  });

  it('uses as many connections as allowed and no more, and lets the rest wait', async () => {
    const database = connect({ poolSize: 3, applicationName: 'bounded-pool' });
    await Promise.all(
      Array.from({ length: 12 }, () => database.client.$queryRaw`SELECT pg_sleep(0.02)::text`),
    );
    const [sessions] = await query(
      postgres.server.url,
      "SELECT count(*)::int AS count FROM pg_stat_activity WHERE application_name = 'bounded-pool'",
    );
    expect(sessions).toEqual({ count: 3 });
  });

  it('tells each statement to who asked for it', async () => {
    const statements: string[] = [];
    const database = connect({ onStatement: (sql) => statements.push(sql) });
    await database.client.server.findMany({ where: { name: 'x' } });
    await database.transaction((tx) => tx.server.deleteMany({ where: { name: 'x' } }));
    expect(statements).toEqual([
      expect.stringMatching(/^SELECT/),
      expect.stringMatching(/^DELETE/),
      'COMMIT',
    ]);
  });

  describe('when the database is away', () => {
    const away = 'postgresql://lab:secret-word@127.0.0.1:1/lab';

    it('says where it should be and what to do, and no secret', async () => {
      const failure: unknown = await connect({ url: away })
        .ping()
        .catch((error: unknown) => error);
      expect(failure).toMatchObject({
        code: 'database-unavailable',
        message: 'the database at 127.0.0.1:1/lab does not answer',
        hint: expect.stringContaining('DATABASE_URL'),
      });
      expect(JSON.stringify(failure) + String(failure)).not.toContain('secret-word');
    });

    it('says the same from a transaction', async () => {
      const work = connect({ url: away }).transaction((tx) => tx.server.count());
      await expect(work).rejects.toMatchObject({ code: 'database-unavailable' });
    });

    it('says that the password is wrong', async () => {
      const wrong = new URL(url);
      wrong.password = 'secret-word';
      await expect(connect({ url: wrong.href }).ping()).rejects.toMatchObject({
        code: 'database-unavailable',
        message: expect.stringContaining('refuses us'),
      });
    });

    it('does not wait for a free connection without end', async () => {
      const database = connect({ poolSize: 1, connectTimeoutMs: 2000 });
      const [taken, free] = [gate(), gate()];
      const long = database.transaction(
        async () => {
          taken.open();
          await free.opened;
        },
        { timeoutMs: 120_000 },
      );
      await taken.opened;
      await expect(database.ping()).rejects.toMatchObject({ code: 'database-unavailable' });
      free.open();
      await long;
      await expect(database.ping()).resolves.toBeUndefined();
    });

    it('works again when a broken connection could be replaced', async () => {
      const database = connect({ poolSize: 1, applicationName: 'to-be-cut' });
      await database.ping();
      const cut =
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'to-be-cut'";
      await query(postgres.server.url, cut);
      const outcome = await database.ping().catch((error: unknown) => error);
      if (outcome !== undefined) expect(outcome).toMatchObject({ code: 'database-unavailable' });
      await expect(database.ping()).resolves.toBeUndefined();
    });

    it('refuses a URL that is none, without repeating it', () => {
      expect(() => createDatabase({ url: 'mysql://root:secret-word@h/x' })).toThrow(
        expect.objectContaining({ code: 'invalid', message: expect.not.stringContaining('secret-word') }),
      );
    });
  });

  it('may be closed twice, and then has no connection left', async () => {
    const database = createDatabase({ url, applicationName: 'closed' });
    await database.ping();
    await Promise.all([database.close(), database.close()]);
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    // The server's process ends in its own time after the connection did.
    const left = async (): Promise<number | null> =>
      (await client.query("SELECT 1 FROM pg_stat_activity WHERE application_name = 'closed'")).rowCount;
    while ((await left()) !== 0) await wait(25);
    expect(await left()).toBe(0);
    await client.end();
  });
});

/** What one waits for and another opens. */
function gate(): { open: () => void; opened: Promise<void> } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open: () => open(), opened };
}
