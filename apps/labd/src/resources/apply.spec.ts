import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runningLabd, type TestLabd } from '../../test/running-labd.js';
import type { ApplyResultDto } from './apply.dto.js';

let labd: TestLabd;
beforeAll(async () => {
  labd = await runningLabd();
});
afterAll(() => labd.stop());

const doc = (kind: string, name: string, spec: object = {}, metadata: object = {}) => ({
  apiVersion: 'lab/v1',
  kind,
  metadata: { name, ...metadata },
  spec,
});
const apply = (body: unknown, query = '', token?: string) =>
  labd.call<ApplyResultDto>('POST', `/api/v1/apply${query}`, body, token);
const actions = ({ body }: { body: ApplyResultDto }) =>
  body.items.map(({ name, action }) => `${name} ${action}`);

/** The last names what comes before it, and stands first. */
const SITE = [
  doc('Cluster', 'k1', { members: [{ server: 'a1', role: 'control-plane' }] }),
  doc('Server', 'a1', { nics: [{ mac: '52:54:00:aa:00:01', network: 'lan' }] }),
  doc('Network', 'lan', { cidr: '10.5.0.0/16' }),
];

describe('apply', () => {
  it('validates everything in a dry run, also what depends on each other, and commits nothing', async () => {
    const tried = await apply(SITE, '?dryRun=true');
    expect(actions(tried)).toEqual(['k1 created', 'a1 created', 'lan created']);
    expect((await labd.call('GET', '/api/v1/networks/lan')).status).toBe(404);
    expect(
      await labd.database.database.client.auditLog.count({ where: { action: 'create', kind: 'Network' } }),
    ).toBe(0);
  });

  it('creates, then changes nothing, then configures what differs', async () => {
    expect(actions(await apply({ kind: 'List', items: SITE }))).toEqual([
      'k1 created',
      'a1 created',
      'lan created',
    ]);
    expect(actions(await apply(SITE))).toEqual(['k1 unchanged', 'a1 unchanged', 'lan unchanged']);
    const changed = await apply(doc('Network', 'lan', { cidr: '10.5.0.0/16', vlan: 5 }));
    expect(changed.body.items).toEqual([
      {
        index: 0,
        kind: 'Network',
        name: 'lan',
        action: 'configured',
        changes: [{ path: 'spec.vlan', before: null, after: 5 }],
      },
    ]);
  });

  it('takes what GET answers, and changes nothing', async () => {
    for (const plural of ['servers', 'networks', 'clusters', 'users', 'roles', 'bastions']) {
      const { body } = await labd.call<{ items: { metadata: { version: number } }[] }>(
        'GET',
        `/api/v1/${plural}`,
      );
      if (body.items.length === 0) continue;
      const result = await apply(body);
      expect({ plural, actions: new Set(result.body.items.map(({ action }) => action)) }).toEqual({
        plural,
        actions: new Set(['unchanged']),
      });
    }
  });

  it('tries all, and says of each what failed', async () => {
    const result = await apply([
      doc('Network', 'good', { cidr: '10.6.0.0/16' }),
      doc('Network', 'bad', { cidr: 'ten' }),
      doc('Pod', 'p'),
      doc('Network', 'good', { cidr: '10.7.0.0/16' }),
      doc('JoinToken', 't'),
      { kind: 'Network' },
      'rubbish',
      doc('Network', 'lan', { cidr: '10.5.0.0/16' }, { version: 1 }),
    ]);
    expect(result.status).toBe(200);
    expect(result.body.failed).toBe(7);
    expect(
      result.body.items.map(({ action, problem }) => [action, problem?.errors?.[0]?.path ?? problem?.code]),
    ).toEqual([
      ['created', undefined],
      ['failed', 'spec.cidr'],
      ['failed', 'kind'],
      ['failed', 'metadata.name'],
      ['failed', 'kind'],
      ['failed', 'metadata.name'],
      ['failed', ''],
      ['failed', 'stale-version'],
    ]);
  });

  it('goes on after a failure in a dry run', async () => {
    const result = await apply(
      [
        doc('Server', 'b1', { nics: [{ mac: '52:54:00:aa:00:01' }] }),
        doc('Network', 'lan', { cidr: '10.5.0.0/16', vlan: 6 }),
      ],
      '?dryRun=true',
    );
    expect(actions(result)).toEqual(['b1 failed', 'lan configured']);
  });

  it('does for each document only what the caller may', async () => {
    const token = await labd.userWith('apply:default:staging:*');
    const result = await apply(
      [
        doc('Network', 's1', { cidr: '10.8.0.0/16', environment: 'staging' }),
        doc('Network', 's2', { cidr: '10.9.0.0/16' }),
        doc('Role', 'r'),
      ],
      '',
      token,
    );
    expect(result.body.items.map(({ action, problem }) => [action, problem?.code])).toEqual([
      ['created', undefined],
      ['failed', 'not-allowed'],
      ['failed', 'not-allowed'],
    ]);
  });

  it.each([
    ['nothing', []],
    ['text', '"x"'],
    ['null', null],
    ['a list without items', { kind: 'List' }],
  ])('refuses %s', async (_what, body) => {
    expect((await apply(body)).status).toBe(400);
  });

  it('shows with diff what it would change', async () => {
    const { body } = await labd.call<ApplyResultDto>(
      'POST',
      '/api/v1/diff',
      doc('Network', 'lan', { cidr: '10.5.0.0/16' }),
    );
    expect(body).toMatchObject({
      dryRun: true,
      items: [{ action: 'configured', changes: [{ path: 'spec.vlan', before: 5 }] }],
    });
  });
});
