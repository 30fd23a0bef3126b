import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { PrismaClient } from '@lab/database';
import { testDatabase, type TestDatabase } from '@lab/testing';
import { AuditTrail } from './audit-trail.repository.js';
import { canonicalJson } from './canonical-json.js';

const KEY = Buffer.alloc(32, 7);

describe('the audit log', () => {
  let test: TestDatabase;
  let audit: AuditTrail;
  beforeAll(async () => {
    test = await testDatabase();
    audit = new AuditTrail(test.database, KEY);
  });
  afterAll(() => test.drop());

  const client = () => test.database.client;
  const record = (...names: string[]) =>
    test.database.transaction((tx) =>
      audit.record(
        tx,
        names.map((name, index) => ({
          at: new Date(Date.UTC(2026, 0, 1, 0, 0, index)),
          actor: 'user:admin',
          action: 'update',
          kind: 'Server',
          resourceName: name,
          after: { z: [1, { ü: null }], a: 'text', size: 268_435_456_000 },
        })),
      ),
    );
  beforeEach(async () => {
    await client().auditLog.deleteMany();
    await client().sequenceHead.deleteMany();
    await record('one', 'two', 'three', 'four');
    await audit.seal();
  });

  it('holds when nobody touched it', async () => {
    await record('five');
    expect(await audit.verify()).toEqual({ rows: 4n, broken: undefined, unsealed: 1 });
  });

  it('is one chain also with several sealers at once', async () => {
    await record(...Array.from({ length: 40 }, (_, index) => `row-${index}`));
    const others = [audit, new AuditTrail(test.database, KEY), new AuditTrail(test.database, KEY)];
    await Promise.all(others.map((each) => each.seal()));
    expect(await audit.verify()).toEqual({ rows: 44n, broken: undefined, unsealed: 0 });
  });

  it.each<[string, string, () => Promise<unknown>]>([
    [
      'an altered row',
      '2',
      () => client().auditLog.updateMany({ where: { seq: 2n }, data: { actor: 'user:eve' } }),
    ],
    [
      'altered details',
      '3',
      () => client().auditLog.updateMany({ where: { seq: 3n }, data: { after: { a: 'other' } } }),
    ],
    ['a row removed from the middle', '3', () => client().auditLog.deleteMany({ where: { seq: 2n } })],
    ['a tail that was cut off', '4', () => client().auditLog.deleteMany({ where: { seq: { gt: 2n } } })],
    [
      'rows that changed places',
      '1',
      async () => {
        await client().auditLog.updateMany({ where: { seq: 1n }, data: { seq: 99n } });
        await client().auditLog.updateMany({ where: { seq: 2n }, data: { seq: 1n } });
        await client().auditLog.updateMany({ where: { seq: 99n }, data: { seq: 2n } });
      },
    ],
  ])('shows %s', async (_what, seq, tamper) => {
    await tamper();
    expect((await audit.verify()).broken).toMatchObject({ seq });
  });

  it('shows rows that stand after the head, and a head that is gone', async () => {
    await client().sequenceHead.updateMany({ where: { name: 'audit' }, data: { value: 3n } });
    expect((await audit.verify()).broken).toMatchObject({ seq: '3' });
    const third = await client().auditLog.findUniqueOrThrow({ where: { seq: 3n } });
    await client().sequenceHead.updateMany({ where: { name: 'audit' }, data: { hash: third.hash } });
    expect((await audit.verify()).broken).toMatchObject({ seq: '4' });
    await client().sequenceHead.deleteMany();
    expect((await audit.verify()).broken).toMatchObject({ seq: '1' });
  });

  it('holds while rows are written and sealed between one page and the next', async () => {
    await record(...Array.from({ length: 700 }, (_, index) => `early-${index}`));
    while (await audit.seal()) continue;
    let pages = 0;
    const busy = client().$extends({
      query: {
        auditLog: {
          findMany: async ({ args, query }) => {
            const page = await query(args);
            pages += 1;
            await record(`late-${pages}`);
            await audit.seal();
            return page;
          },
        },
      },
    });
    const reader = new AuditTrail({ ...test.database, client: busy as unknown as PrismaClient }, KEY);
    expect(await reader.verify()).toEqual({ rows: 704n, broken: undefined, unsealed: 0 });
    expect(pages).toBe(2);
    expect(await audit.verify()).toEqual({ rows: 706n, broken: undefined, unsealed: 0 });
  });

  it('holds each time it is verified while others write and seal', async () => {
    const done = new AbortController();
    const writing = (async () => {
      for (let n = 0; !done.signal.aborted; n += 1) {
        await record(`busy-${n}`);
        await audit.seal();
      }
    })();
    const reader = new AuditTrail(test.database, KEY);
    for (let n = 0; n < 20; n += 1) expect((await reader.verify()).broken).toBeUndefined();
    done.abort();
    await writing;
  });

  it('does not verify with another key', async () => {
    const other = new AuditTrail(test.database, Buffer.alloc(32, 8));
    expect((await other.verify()).broken).toMatchObject({ seq: '1' });
  });
});

describe('canonical JSON', () => {
  it('has one spelling, whatever the order of keys', () => {
    expect(canonicalJson({ b: 1, a: [{ d: undefined, c: 'ü' }] })).toBe('{"a":[{"c":"ü"}],"b":1}');
  });
});
