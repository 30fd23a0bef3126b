import { afterAll, describe, expect, it } from '@jest/globals';
import { testDatabase } from './test-database.js';

describe('testDatabase', () => {
  const open: { drop(): Promise<void> }[] = [];
  const fresh: typeof testDatabase = async (options) => {
    const made = await testDatabase(options);
    open.push(made);
    return made;
  };
  afterAll(() => Promise.all(open.map((made) => made.drop())));

  it('has the tables of this program and no rows', async () => {
    const { database } = await fresh();
    expect(await database.client.server.count()).toBe(0);
  });

  it('is of its own: what one test writes another does not see', async () => {
    const [one, other] = await Promise.all([fresh(), fresh()]);
    await one.database.client.server.create({ data: { name: 'node1' } });
    expect(await one.database.client.server.count()).toBe(1);
    expect(await other.database.client.server.count()).toBe(0);
  });

  it('can be had without tables', async () => {
    const { database } = await fresh({ empty: true });
    const tables = await database.client.$queryRaw`SELECT 1 FROM pg_tables WHERE schemaname = 'public'`;
    expect(tables).toEqual([]);
  });

  it('tells the statements that a piece of work sends: Prisma sends one a table', async () => {
    const { database, statements } = await fresh();
    const sent = await statements.during(() =>
      database.client.server.findMany({ include: { nics: true, disks: true } }),
    );
    expect(sent).toHaveLength(3);
  });

  it('is gone after drop, also when a connection is still open', async () => {
    const kept = await fresh();
    const other = await testDatabase();
    await kept.database.ping();
    await other.drop();
    await expect(other.database.ping()).rejects.toMatchObject({ code: 'database-unavailable' });
    await expect(kept.database.ping()).resolves.toBeUndefined();
  });
});
