import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LinkedBastion, aMachine } from '@lab/testing';
import { runningLabd, type TestLabd } from '../../test/running-labd.js';
import type { NetworkDto } from '../networks/network.dto.js';
import type { ServerDto } from '../servers/server.dto.js';
import type { ClusterDto } from './cluster.dto.js';

let labd: TestLabd;
let bastion: LinkedBastion;
beforeAll(async () => {
  labd = await runningLabd();
  bastion = await LinkedBastion.enrol(labd, 'site-a');
});
afterAll(() => labd.stop());

const create = <T = Record<string, unknown>>(
  plural: string,
  name: string,
  spec: object = {},
  token?: string,
) => labd.call<T>('POST', `/api/v1/${plural}`, { metadata: { name }, spec }, token);
const server = async (name: string): Promise<ServerDto> =>
  (await labd.call<ServerDto>('GET', `/api/v1/servers/${name}`)).body;

describe('a declared server', () => {
  it('has its NICs before any report, joins networks by name, and is found by any notation of its MAC', async () => {
    await create('networks', 'rack-a', { cidr: '10.10.0.0/16' });
    const created = await create<ServerDto>('servers', 'node1', {
      role: 'worker',
      nics: [{ mac: '52-54-00-00-10-01', network: 'rack-a' }, { mac: '5254.0000.1002' }],
    });
    expect(created).toMatchObject({
      status: 201,
      body: {
        spec: {
          role: 'worker',
          nics: [
            { mac: '52:54:00:00:10:01', name: 'nic0', network: 'rack-a' },
            { mac: '52:54:00:00:10:02', name: 'nic1', network: null },
          ],
        },
        status: { phase: 'discovered', lastSeenAt: null },
      },
    });
    expect((await labd.call<ServerDto>('GET', '/api/v1/servers/525400001002')).body.metadata.name).toBe(
      'node1',
    );
    const again = await labd.call<ServerDto>('PUT', '/api/v1/servers/node1', created.body);
    expect(again.body.metadata.version).toBe(1);
  });

  it('is the one that a report of its MAC is about, and keeps what was declared', async () => {
    await bastion.connect();
    await bastion.sees(aMachine(0x001001));
    const seen = await server('node1');
    expect(seen.status.bastion?.name).toBe('site-a');
    expect(seen.status.lastSeenAt).not.toBeNull();
    expect(seen.spec.nics?.map((nic) => [nic.mac, nic.network])).toEqual(
      expect.arrayContaining([
        ['52:54:00:00:10:01', 'rack-a'],
        ['52:54:00:00:10:02', null],
      ]),
    );
  });

  it.each([
    ['a MAC that is none', [{ mac: 'x' }], 'spec.nics.0.mac', 400],
    ['a group address', [{ mac: '01:00:5e:00:00:01' }], 'spec.nics.0.mac', 400],
    ['a MAC twice', [{ mac: '52:54:00:00:11:01' }, { mac: '525400001101' }], 'spec.nics.1.mac', 400],
    ["another server's MAC", [{ mac: '52:54:00:00:10:01' }], 'spec.nics.0.mac', 409],
    [
      'a network that is none',
      [{ mac: '52:54:00:00:11:02', network: 'nowhere' }],
      'spec.nics.0.network',
      400,
    ],
  ])('is refused with %s', async (_what, nics, path, status) => {
    const { status: answered, body } = await create<{ errors: { path: string }[] }>('servers', 'node-bad', {
      nics,
    });
    expect({ answered, path: body.errors[0]?.path }).toEqual({ answered: status, path });
  });
});

describe('networks and NICs', () => {
  it('belong together by address, the smallest network first, and a network with NICs in it stays', async () => {
    await create('networks', 'wide', { cidr: '10.20.0.0/16' });
    const machine = aMachine(0x002001);
    await bastion.sees({
      ...machine,
      nics: machine.nics.map((nic) => ({ ...nic, addresses: ['10.20.3.4/24'] })),
    });
    const ref = '52:54:00:00:20:01';
    const networkOf = async () => (await server(ref)).status.nics.find((nic) => nic.mac === ref)?.network;
    expect(await networkOf()).toBe('wide');
    const before = (await server(ref)).metadata.version;
    await create('networks', 'narrow', { cidr: '10.20.3.0/24' });
    expect(await networkOf()).toBe('narrow');
    expect((await server(ref)).metadata.version).toBe(before + 1);
    const refused = await labd.call('DELETE', '/api/v1/networks/narrow');
    const { name } = (await server(ref)).metadata;
    expect(refused).toMatchObject({ status: 409, body: { code: 'in-use', dependents: [`server/${name}`] } });
    const moved = await labd.call<NetworkDto>('PATCH', '/api/v1/networks/narrow', {
      spec: { cidr: '10.99.0.0/24' },
    });
    expect(moved.body.status.nics).toBe(0);
    expect(await networkOf()).toBe('wide');
    expect((await labd.call('DELETE', '/api/v1/networks/narrow')).status).toBe(200);
    const listed = await labd.call<{ items: ServerDto[] }>('GET', '/api/v1/servers?network=wide');
    expect(listed.body.items.map((item) => item.metadata.name)).toEqual([name]);
  });
});

describe('a cluster', () => {
  it('takes a field without a value for one that is not there, as YAML writes it', async () => {
    const created = await create<ClusterDto>('clusters', 'empty-fields', {
      distribution: null,
      members: null,
      cloud: null,
      domain: null,
    });
    expect(created).toMatchObject({ status: 201, body: { spec: { distribution: 'k3s', members: [] } } });
    await create('servers', 'empty-role', {});
    const member = { server: 'empty-role', role: null };
    expect(await create('clusters', 'empty-member', { members: [member] })).toMatchObject({
      status: 201,
      body: { spec: { members: [{ server: 'empty-role', role: 'worker' }] } },
    });
    await labd.call('DELETE', '/api/v1/clusters/empty-fields');
    await labd.call('DELETE', '/api/v1/clusters/empty-member');
    await labd.call('DELETE', '/api/v1/servers/empty-role');
  });

  it('has servers as members, which show it and can be listed by it', async () => {
    await create('servers', 'cp1');
    await create('servers', 'w1');
    const created = await create<ClusterDto>('clusters', 'prod', {
      members: [{ server: 'w1' }, { server: 'CP1', role: 'control-plane' }],
    });
    expect(created).toMatchObject({
      status: 201,
      body: {
        spec: {
          distribution: 'k3s',
          members: [
            { server: 'cp1', role: 'control-plane' },
            { server: 'w1', role: 'worker' },
          ],
        },
        status: { members: 2, controlPlanes: 1, installed: 0 },
      },
    });
    expect((await server('cp1')).status.cluster).toMatchObject({ name: 'prod', role: 'control-plane' });
    const listed = await labd.call<{ items: ServerDto[] }>(
      'GET',
      '/api/v1/servers?cluster=prod&fields=metadata.name',
    );
    expect(listed.body.items.map((item) => item.metadata.name)).toEqual(['cp1', 'w1']);
    const unchanged = await labd.call<ClusterDto>('PUT', '/api/v1/clusters/prod', created.body);
    expect(unchanged.body.metadata.version).toBe(1);
  });

  it('and its members hold each other', async () => {
    const inUse = await labd.call('DELETE', '/api/v1/clusters/prod');
    expect(inUse).toMatchObject({ status: 409, body: { dependents: ['server/cp1', 'server/w1'] } });
    const forget = await labd.call('DELETE', '/api/v1/servers/w1');
    expect(forget).toMatchObject({ status: 409, body: { dependents: ['cluster/prod'] } });
    const other = await create('clusters', 'other', { members: [{ server: 'w1' }] });
    expect(other).toMatchObject({ status: 409, body: { code: 'in-use' } });
    expect((await labd.call('PATCH', '/api/v1/clusters/prod', { spec: { members: [] } })).status).toBe(200);
    expect((await server('w1')).status.cluster).toBeNull();
    expect((await labd.call('DELETE', '/api/v1/servers/w1?dryRun=true')).status).toBe(200);
    expect((await labd.call('DELETE', '/api/v1/servers/w1')).status).toBe(200);
    expect((await labd.call('GET', '/api/v1/servers/w1')).status).toBe(404);
    expect((await labd.call('DELETE', '/api/v1/clusters/prod')).status).toBe(200);
  });

  it('takes only servers that the caller may change', async () => {
    const token = await labd.userWith('apply:default:default:*', 'read:*:*:*');
    await create('servers', 'far', { environment: 'prod' });
    const refused = await create('clusters', 'mine', { members: [{ server: 'far' }] }, token);
    expect(refused.status).toBe(403);
    const blind = await labd.userWith('apply:default:default:*');
    expect((await create('clusters', 'mine', { members: [{ server: 'far' }] }, blind)).status).toBe(400);
  });
});

describe('a bastion', () => {
  it('is placed, labelled and kept while servers are its own', async () => {
    const patched = await labd.call('PATCH', '/api/v1/bastions/site-a', {
      metadata: { labels: { dc: 'one' } },
      spec: { environment: 'lab' },
    });
    expect(patched).toMatchObject({ status: 200, body: { spec: { cloud: 'default', environment: 'lab' } } });
    expect((await labd.call('DELETE', '/api/v1/bastions/site-a')).status).toBe(409);
    const spare = await LinkedBastion.enrol(labd, 'spare');
    expect((await labd.call('DELETE', '/api/v1/bastions/spare')).status).toBe(200);
    await expect(spare.connect()).rejects.toThrow();
  });
});
