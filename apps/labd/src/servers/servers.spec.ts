import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LinkedBastion, aMachine } from '@lab/testing';
import { runningLabd, type Loose, type TestLabd } from '../../test/running-labd.js';
import type { ListOf } from '../resources/resource-api.js';
import type { ServerDto } from './server.dto.js';

describe('servers', () => {
  let labd: TestLabd;
  let bastion: LinkedBastion;
  const get = <T = Loose>(path: string, token?: string) =>
    labd.call<T>('GET', `/api/v1/servers${path}`, undefined, token);
  const list = async (path: string, token?: string) => (await get<ListOf<ServerDto>>(path, token)).body;
  const names = (body: ListOf<ServerDto>): string[] => body.items.map((item) => item.metadata.name);

  beforeAll(async () => {
    labd = await runningLabd();
    bastion = await LinkedBastion.enrol(labd, 'site-a');
    await bastion.connect();
    await bastion.sees(...Array.from({ length: 25 }, (_, index) => aMachine(index + 1)));
  });
  afterAll(async () => {
    await bastion.disconnect();
    await labd.stop();
  });

  it('are what bastions have seen, with their hardware', async () => {
    const { body } = await get('/srv-000001');
    expect(body).toMatchObject({
      apiVersion: 'lab/v1',
      kind: 'Server',
      metadata: { name: 'srv-000001', version: 1, labels: {} },
      spec: { role: null, cloud: 'default', environment: 'default' },
      status: {
        phase: 'discovered',
        os: null,
        mac: '52:54:00:00:00:01',
        address: '192.168.77.100',
        bastion: { name: 'site-a' },
        conditions: [],
        install: null,
        system: null,
        hardware: {
          arch: 'x86_64',
          cpuCores: 8,
          memoryBytes: 17179869184,
          serial: 'SN000001',
          bootMode: 'uefi',
        },
        nics: [
          { name: 'ens3', boot: true, speedMbps: 1000, addresses: ['192.168.77.100/24'], network: null },
        ],
        disks: [{ name: 'vda', sizeBytes: 268435456000, hasData: false, transport: 'nvme' }],
      },
    });
  });

  it.each([
    ['its name', 'srv-000001'],
    ['its name in capitals', 'SRV-000001'],
    ['its MAC with colons', '52:54:00:00:00:01'],
    ['its MAC with dashes', '52-54-00-00-00-01'],
    ['its MAC in Cisco notation', '5254.0000.0001'],
    ['its MAC in bare digits', '525400000001'],
  ])('are found by %s', async (_what, reference) => {
    expect((await get<ServerDto>(`/${encodeURIComponent(reference)}`)).body.metadata.name).toBe('srv-000001');
  });

  it('are found by their ID', async () => {
    const { id } = (await get<ServerDto>('/srv-000002')).body.metadata;
    expect((await get<ServerDto>(`/${id}`)).body.metadata.name).toBe('srv-000002');
  });

  it.each([
    ['an unknown name', 'nobody', 404],
    ['an unknown MAC', '52:54:00:ff:ff:ff', 404],
    ['an unknown ID', '0b9f6c1e-3c52-4f0e-9d5e-0d9b4f8f0a11', 404],
    ['a malformed MAC', '52:54:00:zz:00:01', 400],
    ['a group address', '01:00:5e:00:00:01', 400],
    ['a name with a wildcard', 'srv%', 400],
    ['a quote', "srv' OR true", 400],
  ])('answer to %s with a hint', async (_what, reference, status) => {
    const answer = await get(`/${encodeURIComponent(reference)}`);
    expect(answer.status).toBe(status);
    expect(answer.body.hint).toEqual(expect.any(String));
  });

  it('come in pages, each once, by name', async () => {
    const all: string[] = [];
    let path = '?limit=10';
    for (let pages = 0; pages < 3; pages += 1) {
      const body = await list(path);
      all.push(...names(body));
      path = `?limit=10&continue=${String(body.metadata.continue)}`;
      expect(body.metadata.continue === null).toBe(pages === 2);
    }
    expect(all).toEqual(all.toSorted());
    expect(new Set(all).size).toBe(25);
  });

  it('say the same of a NIC, whether all of it is asked for or little', async () => {
    const whole = await list('');
    const little = await list('?fields=metadata.name,status.mac,status.address');
    const shown = (body: ListOf<ServerDto>) =>
      body.items.map(({ metadata, status }) => [metadata.name, status.mac, status.address]);
    expect(shown(little)).toEqual(shown(whole));
    expect(little.items[0]?.status).toEqual({ mac: expect.anything(), address: '192.168.77.100' });
  });

  it('take the same number of statements, however many they are', async () => {
    const few = await labd.database.statements.fewest(() => get('?limit=1'));
    const many = await labd.database.statements.fewest(() => get('?limit=25'));
    expect(many.length).toBe(few.length);
    // One for the session, one each for servers, NICs and disks.
    expect(many.filter((sql) => /^\s*SELECT/i.test(sql))).toHaveLength(4);
  });

  it('are narrowed by role, status, cloud, environment and bastion', async () => {
    expect(
      (await list('?status=discovered&bastion=site-a&cloud=default&environment=default')).items,
    ).toHaveLength(25);
    expect((await list('?role=worker')).items).toEqual([]);
    expect((await list('?bastion=site-b')).items).toEqual([]);
    expect((await get('?status=broken')).status).toBe(400);
    expect((await get('?colour=red')).status).toBe(400);
  });

  it('show only what may be read, and hide that the rest is there', async () => {
    const token = await labd.userWith('read:*:*:srv-000003', 'read:elsewhere:*:*');
    expect(names(await list('', token))).toEqual(['srv-000003']);
    expect((await get('/srv-000003', token)).status).toBe(200);
    expect((await get('/srv-000004', token)).status).toBe(404);
    expect((await get(`/${encodeURIComponent('52:54:00:00:00:04')}`, token)).status).toBe(404);
  });

  it('may not be changed by those who may only read them', async () => {
    const token = await labd.userWith('read:*:*:*', 'apply:*:*:srv-000005');
    const order = { profile: 'fedora-43', role: 'worker' };
    const denied = await labd.call('POST', '/api/v1/servers/srv-000006/provision', order, token);
    expect(denied.status).toBe(403);
    expect(denied.body.needed).toBe('apply:default:default:srv-000006');
    expect((await labd.call('POST', '/api/v1/servers/srv-000006/forget', {}, token)).status).toBe(403);
    // Nor may a name be taken that someone else has permissions on.
    const renamed = { ...order, hostname: 'node9' };
    expect((await labd.call('POST', '/api/v1/servers/srv-000005/provision', renamed, token)).status).toBe(
      403,
    );
    expect((await labd.call('POST', '/api/v1/servers/srv-000005/provision', order, token)).status).toBe(202);
  });
});
