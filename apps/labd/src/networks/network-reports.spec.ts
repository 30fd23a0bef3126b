import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Lease, NetworkLeases } from '@lab/protocol';
import { LinkedBastion, aMachine } from '@lab/testing';
import { runningLabd, type TestLabd } from '../../test/running-labd.js';
import type { ListOf } from '../resources/resource-api.js';
import type { NetworkLeaseDto, NetworkReservationDto } from './network-addresses.dto.js';
import type { NetworkDto } from './network.dto.js';
import { NetworkReports } from './network-reports.repository.js';

let labd: TestLabd;
let siteA: LinkedBastion;
let siteB: LinkedBastion;
beforeAll(async () => {
  labd = await runningLabd();
  siteA = await LinkedBastion.enrol(labd, 'site-a');
  siteB = await LinkedBastion.enrol(labd, 'site-b');
  await siteA.connect();
  await siteB.connect();
  await siteA.sees(aMachine(0x501));
});
afterAll(async () => {
  await siteA.disconnect();
  await siteB.disconnect();
  await labd.stop();
});

let number = 0;
/** A network of its own for each test, served by site-a. */
async function served(): Promise<{ id: string; name: string; address: (host: number) => string }> {
  number += 1;
  const name = `net-${number}`;
  const { body } = await labd.call<NetworkDto>('POST', '/api/v1/networks', {
    metadata: { name },
    spec: { cidr: `10.50.${number}.0/24`, bastion: 'site-a', dhcpEnabled: true },
  });
  const net = number;
  return { id: body.metadata.id, name, address: (host) => `10.50.${net}.${host}` };
}
const lease = (address: string, changes: Partial<Lease> = {}): Lease => ({
  mac: '52:54:00:00:05:01' as Lease['mac'],
  address,
  hostname: null,
  expiresAt: '2027-01-01T00:00:00Z',
  ...changes,
});
const report = (networkId: string, leases: Lease[], changes: Partial<NetworkLeases> = {}): NetworkLeases => ({
  ...{ networkId, leases, total: leases.length, problem: null },
  ...changes,
});
const shown = async (name: string) => (await labd.call<NetworkDto>('GET', `/api/v1/networks/${name}`)).body;
const leasesOf = async (name: string, query = '', token?: string) =>
  (
    await labd.call<ListOf<NetworkLeaseDto>>(
      'GET',
      `/api/v1/networks/${name}/leases${query}`,
      undefined,
      token,
    )
  ).body;
async function until<T>(read: () => Promise<T>, wanted: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await read();
    if (wanted(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
const told = (name: string, leases: number) =>
  until(
    () => shown(name),
    ({ status }) => status.dhcp?.leases === leases,
  );

describe('the leases in a network', () => {
  it('are those that its bastion says, each with the server that has the NIC', async () => {
    const net = await served();
    const stranger = '02:00:00:00:00:99' as Lease['mac'];
    siteA.session?.sendLeases(
      report(net.id, [
        lease(net.address(110), { hostname: 'localhost', expiresAt: null }),
        lease(net.address(20), { mac: stranger }),
      ]),
    );
    expect((await told(net.name, 2)).status.dhcp).toMatchObject({
      leases: 2,
      leasesAt: expect.stringMatching(/^20/),
      addresses: 101,
    });
    expect((await leasesOf(net.name)).items).toEqual([
      {
        ...{ address: net.address(20), mac: stranger, server: null, hostname: null },
        expiresAt: '2027-01-01T00:00:00.000Z',
      },
      {
        ...{ address: net.address(110), mac: '52:54:00:00:05:01', hostname: 'localhost', expiresAt: null },
        server: { id: expect.stringMatching(/^[0-9a-f-]{36}$/), name: 'srv-000501' },
      },
    ]);
  });

  it('are a level: what isn’t told any more is gone, and nothing else is written', async () => {
    const net = await served();
    siteA.session?.sendLeases(report(net.id, [lease(net.address(10)), lease(net.address(11))]));
    const before = await told(net.name, 2);
    siteA.session?.sendLeases(
      report(net.id, [
        lease(net.address(11), { hostname: 'b' }),
        lease(net.address(12)),
        lease(net.address(13)),
      ]),
    );
    const after = await told(net.name, 3);
    expect((await leasesOf(net.name)).items.map(({ address, hostname }) => [address, hostname])).toEqual([
      [net.address(11), 'b'],
      [net.address(12), null],
      [net.address(13), null],
    ]);
    // Leases come and go: whoever edits the network isn't disturbed.
    expect(after.metadata).toEqual(before.metadata);
  });

  it('are said by nobody but the bastion that serves it', async () => {
    const net = await served();
    siteB.session?.sendLeases(report(net.id, [lease(net.address(66))], { problem: 'not mine' }));
    siteA.session?.sendLeases(report(randomUUID(), [lease('10.0.0.1')]));
    const reports = labd.app.get(NetworkReports, { strict: false });
    await reports.record(siteB.id, [report(net.id, [lease(net.address(66))])], new Date());
    siteA.session?.sendLeases(report(net.id, [lease(net.address(10))]));
    expect((await told(net.name, 1)).status.conditions).toEqual([]);
    expect((await leasesOf(net.name)).items.map(({ address }) => address)).toEqual([net.address(10)]);
  });

  it('are gone when another bastion serves it, another CIDR, or none', async () => {
    const net = await served();
    for (const spec of [{ dhcpEnabled: false }, { bastion: 'site-b' }, { cidr: `10.51.${number}.0/24` }]) {
      await labd.call('PATCH', `/api/v1/networks/${net.name}`, {
        spec: { dhcpEnabled: true, bastion: 'site-a', cidr: `10.50.${number}.0/24` },
      });
      siteA.session?.sendLeases(report(net.id, [lease(net.address(10))], { problem: 'no interface' }));
      await told(net.name, 1);
      await labd.call('PATCH', `/api/v1/networks/${net.name}`, { spec });
      expect((await leasesOf(net.name)).items).toEqual([]);
      expect((await shown(net.name)).status).toMatchObject({ conditions: [] });
    }
  });

  it('may be anything that fits into the message', async () => {
    const net = await served();
    const [odd, first, last] = [net.address(30), net.address(31), net.address(31)];
    siteA.session?.sendLeases(
      report(
        net.id,
        [
          lease(odd, {
            hostname: 'NUL \u0000, half \ud800, \u001b[31mred\n',
            expiresAt: '0001-01-01T00:00:00Z',
          }),
          lease(first, { hostname: 'first' }),
          lease(last, { hostname: 'last', expiresAt: '9999-12-31T23:59:59Z' }),
          lease('192.0.2.1'),
          lease('2001:db8::1'),
        ],
        { total: Number.MAX_SAFE_INTEGER },
      ),
    );
    await told(net.name, 2_147_483_647);
    expect(
      (await leasesOf(net.name)).items.map(({ address, hostname, expiresAt }) => [
        address,
        hostname,
        expiresAt,
      ]),
    ).toEqual([
      [odd, 'NUL \uFFFD, half \uFFFD, \u001b[31mred\n', null],
      [last, 'last', null],
    ]);
  });

  it('come in pages, by address', async () => {
    const net = await served();
    const hosts = Array.from({ length: 25 }, (_, index) => 9 + index * 9);
    siteA.session?.sendLeases(
      report(
        net.id,
        hosts.map((host) => lease(net.address(host))),
      ),
    );
    await told(net.name, 25);
    const seen: string[] = [];
    let query = '?limit=10';
    for (let page = 0; page < 5; page += 1) {
      const { items, metadata } = await leasesOf(net.name, query);
      seen.push(...items.map(({ address }) => address));
      if (metadata.continue === null) break;
      query = `?limit=10&continue=${metadata.continue}`;
    }
    expect(seen).toEqual(hosts.map(net.address));
    for (const wrong of ['continue=x', 'limit=0', 'limit=5000', 'page=2']) {
      const { status, body } = await labd.call('GET', `/api/v1/networks/${net.name}/leases?${wrong}`);
      expect({ status, path: body.errors?.[0]?.path }).toEqual({ status: 400, path: wrong.split('=')[0] });
    }
  });

  it('are shown to who may read the network, the servers to who may read those', async () => {
    const net = await served();
    siteA.session?.sendLeases(report(net.id, [lease(net.address(10))]));
    await told(net.name, 1);
    await labd.call('PATCH', '/api/v1/servers/srv-000501', { spec: { environment: 'hidden' } });
    const reader = await labd.userWith('read:default:default:*');
    expect((await leasesOf(net.name, '', reader)).items).toMatchObject([
      { mac: '52:54:00:00:05:01', server: null },
    ]);
    const stranger = await labd.userWith('read:elsewhere:*:*');
    for (const path of ['leases', 'reservations'])
      expect(
        (await labd.call('GET', `/api/v1/networks/${net.name}/${path}`, undefined, stranger)).status,
      ).toBe(404);
    await labd.call('PATCH', '/api/v1/servers/srv-000501', { spec: { environment: 'default' } });
    expect((await leasesOf(net.name, '', reader)).items).toMatchObject([{ server: { name: 'srv-000501' } }]);
  });

  it('take as many statements in many networks as in one', async () => {
    const nets = [await served(), await served(), await served()];
    const reports = labd.app.get(NetworkReports, { strict: false });
    const counted = (some: typeof nets) =>
      labd.database.statements.fewest(() =>
        reports.record(
          siteA.id,
          some.map((net, index) => report(net.id, [lease(net.address(10 + index)), lease(net.address(20))])),
          new Date(),
        ),
      );
    const one = await counted(nets.slice(0, 1));
    expect((await counted(nets)).length).toBe(one.length);
    expect((await leasesOf(nets[2]?.name ?? '')).items).toHaveLength(2);
  });
});

describe('a network that its bastion can’t serve', () => {
  it('says so, in the bastion’s words, to watchers too, and no longer once it is served', async () => {
    const net = await served();
    const conditions = (wanted: (all: NetworkDto['status']['conditions']) => boolean) =>
      until(
        () => shown(net.name),
        ({ status }) => wanted(status.conditions),
      );
    siteA.session?.sendLeases(report(net.id, [], { problem: 'no interface has an address in it' }));
    const stated = await conditions((all) => all.length === 1);
    expect(stated.status.conditions).toMatchObject([
      {
        ...{ type: 'NotServed', status: 'True', reason: 'BastionReports' },
        message: 'no interface has an address in it',
      },
    ]);
    const { body } = await labd.call<ListOf<NetworkDto>>('GET', '/api/v1/networks?condition=notserved');
    expect(body.items.map(({ metadata }) => metadata.name)).toEqual([net.name]);
    siteA.session?.sendLeases(report(net.id, [], { problem: 'dnsmasq ended' }));
    const changed = await conditions(([first]) => first?.message === 'dnsmasq ended');
    expect(changed.status.conditions[0]?.since).toBe(stated.status.conditions[0]?.since);
    siteA.session?.sendLeases(report(net.id, []));
    const served3 = await conditions((all) => all.length === 0);
    expect(served3.metadata.version).toBe(4);
    const { client } = labd.database.database;
    const events = await client.feedEvent.findMany({
      where: { resourceId: net.id },
      orderBy: { resourceVersion: 'asc' },
    });
    expect(events.map(({ type, resourceVersion }) => [type, resourceVersion])).toEqual([
      ['added', 1],
      ['modified', 2],
      ['modified', 3],
      ['modified', 4],
    ]);
  });
});

describe('the reservations in a network', () => {
  it('are the addresses that NICs are declared with, with their servers', async () => {
    const net = await served();
    for (const [host, environment] of [
      [40, 'default'],
      [5, 'hidden'],
    ] as const) {
      const nics = [
        {
          mac: `52:54:00:00:06:${String(host).padStart(2, '0')}`,
          address: `${net.address(host)}/24`,
          network: net.name,
        },
      ];
      await labd.call('POST', '/api/v1/servers', {
        metadata: { name: `reserved-${host}` },
        spec: { environment, nics },
      });
    }
    const of = async (token?: string) =>
      (
        await labd.call<ListOf<NetworkReservationDto>>(
          'GET',
          `/api/v1/networks/${net.name}/reservations`,
          undefined,
          token,
        )
      ).body.items.map(({ address, server }) => [address, server?.name ?? null]);
    expect(await of()).toEqual([
      [net.address(5), 'reserved-5'],
      [net.address(40), 'reserved-40'],
    ]);
    expect(await of(await labd.userWith('read:default:default:*'))).toEqual([
      [net.address(5), null],
      [net.address(40), 'reserved-40'],
    ]);
  });
});
