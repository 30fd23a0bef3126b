import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { runningLabd, type TestLabd } from '../../test/running-labd.js';
import { AuditTrail } from './audit-trail.repository.js';
import type { AuditEntryDto, AuditHeadDto, AuditVerdictDto } from './audit.dto.js';

let labd: TestLabd;
beforeAll(async () => {
  labd = await runningLabd();
  for (let index = 0; index < 6; index += 1) {
    const spec = { cidr: `10.${index}.0.0/16` };
    await labd.call('POST', '/api/v1/networks', { metadata: { name: `n${index}` }, spec });
  }
  await seal();
});
afterAll(() => labd.stop());

const seal = async (): Promise<void> => {
  while (await labd.app.get(AuditTrail, { strict: false }).seal()) continue;
};
const entries = async (query: string): Promise<AuditEntryDto[]> =>
  (await labd.call<{ items: AuditEntryDto[] }>('GET', `/api/v1/audit?${query}`)).body.items;
const verify = async (head?: AuditHeadDto): Promise<AuditVerdictDto> =>
  (await labd.call<AuditVerdictDto>('POST', '/api/v1/audit/verify', head === undefined ? {} : { head })).body;
const sql = (text: string): Promise<number> => labd.database.database.client.$executeRawUnsafe(text);

describe('the audit log', () => {
  it('tells who did what, newest first, narrowed by what is asked', async () => {
    const found = await entries('kind=net&action=create&limit=2');
    expect(found.map(({ resourceName, actor }) => [resourceName, actor])).toEqual([
      ['n5', 'user:admin'],
      ['n4', 'user:admin'],
    ]);
    expect(found[0]).toMatchObject({
      after: { spec: { cidr: '10.5.0.0/16' } },
      before: null,
      source: '127.0.0.1',
    });
    expect(await entries('name=n3&actor=admin')).toHaveLength(1);
    expect(await entries('actor=nobody')).toEqual([]);
    const [entry] = found;
    const one = await labd.call<AuditEntryDto>('GET', `/api/v1/audit/${entry?.metadata.id ?? ''}`);
    expect(one.body).toEqual(entry);
  });

  it('is for administrators only, and says so in itself, once for many refusals of a sort', async () => {
    const token = await labd.userWith('read:*:*:*', 'apply:*:*:*');
    for (let index = 0; index < 5; index += 1) {
      expect((await labd.call('GET', '/api/v1/audit', undefined, token)).status).toBe(403);
    }
    await labd.call('DELETE', '/api/v1/networks/n1', undefined, token);
    await labd.call('POST', '/api/v1/auth/login', { username: 'admin', password: 'wrong' }, null);
    await labd.call('POST', '/api/v1/auth/login', { username: 'hunter2', password: 'wrong' }, null);
    const what = async () =>
      (await entries('action=refused')).map(
        ({ actor, after }) => `${actor.split('-')[0] ?? ''} ${(after as { what: string }).what}`,
      );
    while ((await what()).length < 4) await seal();
    expect((await what()).toSorted()).toEqual([
      'anonymous login',
      'user:admin login',
      'user:user DELETE /api/v1/networks/:ref',
      'user:user GET /api/v1/audit',
    ]);
    expect(JSON.stringify(await entries('limit=1000'))).not.toContain('hunter2');
  });

  it('refuses times that are none', async () => {
    expect((await labd.call('GET', '/api/v1/audit?since=yesterday')).body.errors?.[0]?.path).toBe('since');
  });
});

describe('verify', () => {
  beforeEach(async () => {
    await seal();
    await sql('DROP TABLE IF EXISTS audit_kept');
    await sql('CREATE TABLE audit_kept AS SELECT * FROM audit_log');
  });
  const restored = async (): Promise<void> => {
    await sql('DELETE FROM audit_log');
    await sql('INSERT INTO audit_log SELECT * FROM audit_kept');
  };

  it('finds the chain intact', async () => {
    const verdict = await verify();
    expect(verdict).toMatchObject({ intact: true, broken: null });
    expect(verdict.rows).toBeGreaterThan(6);
  });

  it.each([
    ['a row that was altered', `UPDATE audit_log SET actor = 'user:eve' WHERE seq = 4`, '4'],
    ['a row whose content was altered', `UPDATE audit_log SET after = '{"x": 1}' WHERE seq = 4`, '4'],
    ['a row that was deleted', `DELETE FROM audit_log WHERE seq = 4`, '5'],
    [
      'rows that changed places',
      `UPDATE audit_log SET seq = CASE seq WHEN 4 THEN -5 ELSE -4 END WHERE seq IN (4, 5);`,
      '4',
    ],
    [
      'a row that was put in',
      `INSERT INTO audit_log (seq, at, actor, action, kind, hmac, previous_hash, hash)
       SELECT max(seq) + 1, now(), 'user:eve', 'create', 'User', repeat('0', 64), repeat('0', 64), repeat('1', 64) FROM audit_log`,
      undefined,
    ],
    [
      'a tail that was cut off',
      `DELETE FROM audit_log WHERE seq >= (SELECT max(seq) FROM audit_log)`,
      undefined,
    ],
  ])('finds %s', async (_what, change, seq) => {
    await sql(change);
    if (change.includes('-5')) await sql('UPDATE audit_log SET seq = -seq WHERE seq < 0');
    const verdict = await verify();
    await restored();
    expect(verdict.intact).toBe(false);
    if (seq !== undefined) expect(verdict.broken?.seq).toBe(seq);
  });

  it('finds with an exported head a tail that was cut off together with the head', async () => {
    const { body: head } = await labd.call<AuditHeadDto>('GET', '/api/v1/audit/head');
    expect(await verify(head)).toMatchObject({ intact: true });
    const cut = `(SELECT max(seq) FROM audit_kept)`;
    await sql(`DELETE FROM audit_log WHERE seq = ${cut}`);
    await sql(`UPDATE sequence_heads SET value = ${cut} - 1,
      hash = (SELECT hash FROM audit_log WHERE seq = ${cut} - 1) WHERE name = 'audit'`);
    expect(await verify()).toMatchObject({ intact: true });
    const verdict = await verify(head);
    await restored();
    await sql(
      `UPDATE sequence_heads SET value = ${cut}, hash = (SELECT hash FROM audit_log WHERE seq = ${cut}) WHERE name = 'audit'`,
    );
    expect(verdict).toMatchObject({ intact: false, broken: { seq: String(head.seq) } });
  });

  it('takes no head that labd has not made', async () => {
    const { body: head } = await labd.call<AuditHeadDto>('GET', '/api/v1/audit/head');
    const forged = await labd.call('POST', '/api/v1/audit/verify', { head: { ...head, seq: 1 } });
    expect(forged).toMatchObject({ status: 400, body: { errors: [{ path: 'head.signature' }] } });
  });
});
