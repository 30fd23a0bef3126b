import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runningLabd, type TestLabd } from '../../test/running-labd.js';
import type { ListOf } from '../resources/resource-api.js';
import type { NetworkDto } from './network.dto.js';

let labd: TestLabd;
beforeAll(async () => {
  labd = await runningLabd();
});
afterAll(() => labd.stop());

const network = (name: string, spec: object = { cidr: '10.1.0.0/16' }, metadata: object = {}) => ({
  apiVersion: 'lab/v1',
  kind: 'Network',
  metadata: { name, ...metadata },
  spec,
});
const names = async (query: string): Promise<string[]> => {
  const { status, body } = await labd.call<ListOf<NetworkDto>>('GET', `/api/v1/networks?${query}`);
  expect({ query, status }).toEqual({ query, status: 200 });
  return body.items.map((item) => item.metadata.name);
};

describe('a network', () => {
  it('is created with what was left out filled in, found by name and ID, and can be put back as it was shown', async () => {
    const created = await labd.call<NetworkDto>(
      'POST',
      '/api/v1/networks',
      network('lab-a', { cidr: '192.168.77.0/24' }),
    );
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      kind: 'Network',
      metadata: { name: 'lab-a', version: 1, labels: {} },
      spec: {
        cidr: '192.168.77.0/24',
        vlan: null,
        dhcpEnabled: false,
        cloud: 'default',
        environment: 'default',
      },
      status: { nics: 0 },
    });
    const { id } = created.body.metadata;
    const byId = await labd.call<NetworkDto>('GET', `/api/v1/networks/${id.toUpperCase()}`);
    expect(byId.body).toEqual(created.body);
    const again = await labd.call<NetworkDto>('PUT', '/api/v1/networks/lab-a', byId.body);
    expect(again).toMatchObject({ status: 200, body: { metadata: { version: 1 } } });
  });

  it('is changed in parts and keeps the rest; null takes a field back to its default', async () => {
    await labd.call(
      'POST',
      '/api/v1/networks',
      network('lab-b', { cidr: '10.2.0.0/16', vlan: 12, gateway: '10.2.0.1' }),
    );
    const patched = await labd.call<NetworkDto>('PATCH', '/api/v1/networks/lab-b', {
      metadata: { labels: { rack: 'a1' } },
      spec: { vlan: null },
    });
    expect(patched).toMatchObject({
      status: 200,
      body: { metadata: { version: 2, labels: { rack: 'a1' } }, spec: { vlan: null, gateway: '10.2.0.1' } },
    });
  });

  it('is not changed by who read another version, and says what differs', async () => {
    await labd.call('POST', '/api/v1/networks', network('lab-c'));
    await labd.call('PATCH', '/api/v1/networks/lab-c', { spec: { vlan: 7 } });
    const stale = await labd.call(
      'PUT',
      '/api/v1/networks/lab-c',
      network('lab-c', { cidr: '10.1.0.0/16', vlan: 8 }, { version: 1 }),
    );
    expect(stale).toMatchObject({
      status: 409,
      body: { code: 'stale-version', version: 2, differs: [{ path: 'spec.vlan', before: 7, after: 8 }] },
    });
  });

  it('is told apart from one that exists', async () => {
    await labd.call('POST', '/api/v1/networks', network('lab-d'));
    expect(await labd.call('POST', '/api/v1/networks', network('lab-d'))).toMatchObject({
      status: 409,
      body: { code: 'exists' },
    });
  });

  it('can be tried without being made', async () => {
    const tried = await labd.call('POST', '/api/v1/networks?dryRun=true', network('lab-dry'));
    expect(tried).toMatchObject({ status: 201, body: { metadata: { name: 'lab-dry' } } });
    expect((await labd.call('GET', '/api/v1/networks/lab-dry')).status).toBe(404);
  });

  it('leaves an audit row and a feed row with each change', async () => {
    const { body } = await labd.call<NetworkDto>('POST', '/api/v1/networks', network('lab-e'));
    await labd.call('PATCH', '/api/v1/networks/lab-e', { spec: { vlan: 3 } });
    await labd.call('DELETE', '/api/v1/networks/lab-e');
    const { client } = labd.database.database;
    const rows = await client.auditLog.findMany({
      where: { resourceId: body.metadata.id },
      orderBy: { at: 'asc' },
    });
    expect(rows.map(({ actor, action }) => [actor, action])).toEqual([
      ['user:admin', 'create'],
      ['user:admin', 'update'],
      ['user:admin', 'delete'],
    ]);
    expect(rows[1]).toMatchObject({ before: { spec: { vlan: null } }, after: { spec: { vlan: 3 } } });
    const events = await client.feedEvent.findMany({
      where: { resourceId: body.metadata.id },
      orderBy: { resourceVersion: 'asc' },
    });
    expect(events.map(({ type, resourceVersion }) => [type, resourceVersion])).toEqual([
      ['added', 1],
      ['modified', 2],
      ['deleted', 3],
    ]);
  });

  it.each([
    ['no name', { ...network('x'), metadata: {} }, 'metadata.name'],
    ['an ID for a name', network('0b9f6c1e-3c52-4f0e-9d5e-0d9b4f8f0a11'), 'metadata.name'],
    ['another kind', { ...network('x'), kind: 'Server' }, 'kind'],
    ['an unknown part', { ...network('x'), data: {} }, 'data'],
    ['an unknown field', network('x', { cidr: '10.0.0.0/8', mtu: 9000 }), 'spec.mtu'],
    ['host bits', network('x', { cidr: '10.0.0.1/8' }), 'spec.cidr'],
    ['no CIDR', network('x', {}), 'spec.cidr'],
    ['a gateway outside', network('x', { cidr: '10.0.0.0/8', gateway: '11.0.0.1' }), 'spec.gateway'],
    ['a VLAN out of range', network('x', { cidr: '10.0.0.0/8', vlan: 4095 }), 'spec.vlan'],
    ['a bad label', network('x', undefined, { labels: { rack: 'a b' } }), 'metadata.labels.rack'],
    ['a number for a label', network('x', undefined, { labels: { rack: 1 } }), 'metadata.labels.rack'],
    ['a bastion that is none', network('x', { cidr: '10.0.0.0/8', bastion: 'nowhere' }), 'spec.bastion'],
    ['a list', [network('x')], ''],
  ])('is refused with %s, naming the field', async (_what, body, path) => {
    const { status, body: problem } = await labd.call('POST', '/api/v1/networks', body);
    expect({ status, path: problem.errors?.[0]?.path }).toEqual({ status: 400, path });
    expect(problem.hint).toBeTruthy();
  });
});

describe('a list of networks', () => {
  beforeAll(async () => {
    for (const [index, rack] of ['r1', 'r1', 'r2', undefined].entries()) {
      const labels = rack === undefined ? {} : { rack, page: 'yes' };
      const spec = {
        cidr: `10.${100 + index}.0.0/16`,
        environment: index === 0 ? 'staging' : 'default',
        cloud: 'listed',
      };
      await labd.call('POST', '/api/v1/networks', network(`list-${index}`, spec, { labels }));
    }
  });

  it.each([
    ['cloud=listed', ['list-0', 'list-1', 'list-2', 'list-3']],
    ['cloud=listed&environment=staging', ['list-0']],
    ['labelSelector=rack%3Dr1', ['list-0', 'list-1']],
    ['labelSelector=rack%20in%20(r1,r2)', ['list-0', 'list-1', 'list-2']],
    ['cloud=listed&labelSelector=rack!%3Dr1', ['list-2', 'list-3']],
    ['cloud=listed&labelSelector=!rack', ['list-3']],
    ['cloud=listed&labelSelector=rack,page%3Dyes&sort=-name', ['list-2', 'list-1', 'list-0']],
    ['cloud=listed&sort=-createdAt&limit=2', ['list-3', 'list-2']],
    ['cloud=nowhere', []],
  ])('%s', async (query, expected) => {
    expect(await names(query)).toEqual(expected);
  });

  it('comes in pages that stay right while rows come and go', async () => {
    const first = await labd.call<ListOf<NetworkDto>>('GET', '/api/v1/networks?cloud=listed&limit=2');
    await labd.call(
      'POST',
      '/api/v1/networks',
      network('list-00', { cidr: '10.200.0.0/16', cloud: 'listed' }),
    );
    await labd.call('DELETE', '/api/v1/networks/list-1');
    const next = first.body.metadata.continue ?? '';
    expect(await names(`cloud=listed&continue=${next}`)).toEqual(['list-2', 'list-3']);
    expect((await labd.call('GET', `/api/v1/networks?sort=-name&continue=${next}`)).status).toBe(400);
  });

  it('shows only the asked parts', async () => {
    const { body } = await labd.call<ListOf<NetworkDto>>(
      'GET',
      '/api/v1/networks?cloud=listed&limit=1&fields=spec.cidr',
    );
    const [item] = body.items;
    expect(item).toEqual({
      apiVersion: 'lab/v1',
      kind: 'Network',
      metadata: { id: item?.metadata.id, name: item?.metadata.name, version: 1 },
      spec: { cidr: '10.100.0.0/16' },
    });
  });

  it.each([
    'limit=0',
    'limit=1e3',
    'limit=5000',
    'sort=cidr',
    'fields=a..b',
    'labelSelector=a%3Db%3Dc',
    'colour=red',
    'cloud=a&cloud=b',
    'continue=xyz',
    'continue=W10',
  ])('refuses %s, naming the parameter', async (query) => {
    const { status, body } = await labd.call('GET', `/api/v1/networks?${query}`);
    expect({ status, path: body.errors?.[0]?.path }).toEqual({ status: 400, path: query.split('=')[0] });
  });

  it('holds only what the caller may read, and hides the rest', async () => {
    const token = await labd.userWith('read:listed:staging:*', 'apply:listed:staging:*');
    const { body } = await labd.call<ListOf<NetworkDto>>('GET', '/api/v1/networks', undefined, token);
    expect(body.items.map((item) => item.metadata.name)).toEqual(['list-0']);
    expect((await labd.call('GET', '/api/v1/networks/list-2', undefined, token)).status).toBe(404);
    expect((await labd.call('PATCH', '/api/v1/networks/list-0', { spec: { vlan: 5 } }, token)).status).toBe(
      200,
    );
    expect(
      (await labd.call('PATCH', '/api/v1/networks/list-0', { spec: { environment: 'prod' } }, token)).status,
    ).toBe(403);
    expect((await labd.call('DELETE', '/api/v1/networks/list-0', undefined, token)).status).toBe(403);
    const outside = network('list-out', { cidr: '10.9.0.0/16', cloud: 'listed', environment: 'prod' });
    expect((await labd.call('POST', '/api/v1/networks', outside, token)).status).toBe(403);
  });
});
