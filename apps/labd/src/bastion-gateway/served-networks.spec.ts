import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ServedNetwork } from '@lab/protocol';
import { LinkedBastion, aMachine } from '@lab/testing';
import { runningLabd, type TestLabd } from '../../test/running-labd.js';
import { levelParts } from './served-level.js';
import { ServedNetworksQuery } from './served-networks.query.js';

let labd: TestLabd;
let bastion: LinkedBastion;
let number = 0;
beforeAll(async () => {
  labd = await runningLabd();
});
afterAll(() => labd.stop());
beforeEach(async () => {
  number += 1;
  bastion = await LinkedBastion.enrol(labd, `site-${number}`, { cloud: `cloud${number}` });
  await bastion.connect();
});
afterEach(async () => {
  await bastion.disconnect();
});

const write = async (method: string, path: string, body?: object): Promise<void> => {
  const answer = await labd.call(method, path, body);
  expect({ path, status: answer.status < 300 ? 'done' : answer.body }).toEqual({ path, status: 'done' });
};
const place = () => ({ cloud: `cloud${number}` });
const network = (name: string, spec: object) =>
  write('POST', '/api/v1/networks', {
    metadata: { name },
    spec: { cidr: '10.5.0.0/24', bastion: bastion.name, dhcpEnabled: true, ...place(), ...spec },
  });
const server = (name: string, ...nics: object[]) =>
  write('POST', '/api/v1/servers', { metadata: { name }, spec: { ...place(), nics } });
const told = () => bastion.serves;

describe('what a bastion serves', () => {
  it('is told after the welcome, also when it is nothing', async () => {
    await bastion.serving(() => true);
    expect(told()).toEqual({ networks: [], reservations: [] });
    expect(bastion.networkParts).toMatchObject([
      { part: 1, parts: 1, revision: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
  });

  it('is a network with its range, its settings and the addresses of its NICs', async () => {
    await server(
      'declared.lab.example',
      { mac: '52:54:00:05:00:0a', address: '10.5.0.10/24' },
      { mac: '52:54:00:05:00:0b', address: '10.6.0.10/24' },
      { mac: '52:54:00:05:00:0c', method: 'dhcp' },
    );
    await network('told', {
      gateway: '10.5.0.1',
      domain: 'lab.example',
      nameservers: ['10.5.0.53'],
      dhcp: {
        ranges: [{ first: '10.5.0.20', last: '10.5.0.40' }],
        exclusions: [{ first: '10.5.0.30', last: '10.5.0.31' }],
        leaseSeconds: 600,
      },
    });
    await bastion.serving(({ networks }) => networks.length === 1);
    expect(told()).toEqual({
      networks: [
        {
          networkId: expect.stringMatching(/^[0-9a-f-]{36}$/),
          name: 'told',
          cidr: '10.5.0.0/24',
          mode: 'full',
          ranges: [
            { first: '10.5.0.20', last: '10.5.0.29' },
            { first: '10.5.0.32', last: '10.5.0.40' },
          ],
          leaseSeconds: 600,
          gateway: '10.5.0.1',
          domain: 'lab.example',
          nameservers: ['10.5.0.53'],
        },
      ],
      reservations: [
        {
          networkId: told()?.networks[0]?.networkId,
          mac: '52:54:00:05:00:0a',
          address: '10.5.0.10',
          hostname: 'declared',
        },
      ],
    });
  });

  it('follows every change of the network, and of what is declared in it', async () => {
    await network('follow', {});
    await bastion.serving(({ networks }) => networks.length === 1);
    await write('PATCH', '/api/v1/networks/follow', { spec: { gateway: '10.5.0.150' } });
    await bastion.serving(
      ({ networks: [first] }) => first?.gateway === '10.5.0.150' && first.ranges.length === 2,
    );
    await server('follow1', { mac: '52:54:00:05:01:01', address: '10.5.0.11/24' });
    await bastion.serving(({ reservations }) => reservations[0]?.address === '10.5.0.11');
    await write('PATCH', '/api/v1/servers/follow1', { metadata: { name: 'follow2' } });
    await bastion.serving(({ reservations }) => reservations[0]?.hostname === 'follow2');
    await write('PATCH', '/api/v1/servers/follow2', {
      spec: { nics: [{ mac: '52:54:00:05:01:01', address: '10.5.0.12/24' }] },
    });
    await bastion.serving(({ reservations }) => reservations[0]?.address === '10.5.0.12');
    await write('POST', '/api/v1/servers/follow2/forget');
    await bastion.serving(({ reservations }) => reservations.length === 0);
    await write('PATCH', '/api/v1/networks/follow', { spec: { dhcpEnabled: false } });
    await bastion.serving(({ networks }) => networks.length === 0);
    await write('PATCH', '/api/v1/networks/follow', { spec: { dhcpEnabled: true } });
    await bastion.serving(({ networks }) => networks.length === 1);
    await write('DELETE', '/api/v1/networks/follow');
    await bastion.serving(({ networks }) => networks.length === 0);
  });

  it('goes with the network to another bastion', async () => {
    const other = await LinkedBastion.enrol(labd, 'site-other', { cloud: place().cloud });
    await other.connect();
    await network('moved', {});
    await bastion.serving(({ networks }) => networks.length === 1);
    await write('PATCH', '/api/v1/networks/moved', { spec: { bastion: 'site-other' } });
    await other.serving(({ networks }) => networks.length === 1);
    await bastion.serving(({ networks }) => networks.length === 0);
    await other.disconnect();
  });

  it('is told again after a reconnect, with the same revision, and not again for what is the same', async () => {
    await network('same', {});
    await bastion.serving(({ networks }) => networks.length === 1);
    const [revision] = bastion.networkParts.map((part) => part.revision).slice(-1);
    await write('PATCH', '/api/v1/networks/same', { metadata: { labels: { rack: 'a1' } } });
    await write('PATCH', '/api/v1/networks/same', { spec: { vlan: 12 } });
    await bastion.disconnect();
    const before = bastion.networkParts.length;
    await bastion.connect();
    await bastion.serving(() => bastion.networkParts.length > before);
    // Neither labels nor the tag is the bastion's business: nothing came in between.
    expect(bastion.networkParts.slice(before - 1).map((part) => part.revision)).toEqual([revision, revision]);
  });

  it('gives no addresses in a network with another DHCP server', async () => {
    await server('proxied', { mac: '52:54:00:05:02:01', address: '10.5.0.12/24' });
    await network('proxy', { dhcp: { mode: 'proxy' } });
    await bastion.serving(({ networks }) => networks.length === 1);
    expect(told()).toMatchObject({ networks: [{ mode: 'proxy', ranges: [] }], reservations: [] });
  });

  it('never is the address that the bastion has itself', async () => {
    await bastion.disconnect();
    bastion.networkParts.length = 0;
    const hello = bastion.connect.bind(bastion);
    await network('own', {
      cidr: '192.168.77.0/24',
      dhcp: { ranges: [{ first: '192.168.77.1', last: '192.168.77.9' }] },
    });
    await hello();
    await bastion.serving(({ networks: [first] }) => first?.ranges[0]?.first === '192.168.77.2');
  });

  it('takes as many statements with many networks and NICs as with few', async () => {
    await network('counted', {});
    await bastion.serving(({ networks }) => networks.length === 1);
    const { client } = labd.database.database;
    const { id: bastionId } = await client.bastion.findFirstOrThrow({ where: { name: bastion.name } });
    const row = await client.network.findFirstOrThrow({ where: { name: 'counted' } });
    const { id: serverId } = await client.server.create({ data: { name: 'counted' } });
    await client.network.createMany({
      data: Array.from({ length: 70 }, (_, index) => ({
        ...{ name: `counted-${index}`, cidr: `10.6.${index}.0/24`, dhcpEnabled: true, bastionId },
      })),
    });
    await client.serverNic.createMany({
      data: Array.from({ length: 240 }, (_, index) => ({
        ...{ serverId, networkId: row.id, declared: true, name: `nic${index}` },
        mac: `52:54:00:06:00:${index.toString(16).padStart(2, '0')}`,
        settings: { address: `10.5.0.${index + 2}/24` },
      })),
    });
    await bastion.serving(
      ({ networks, reservations }) => networks.length === 71 && reservations.length === 240,
    );
    expect(told()?.reservations[0]).toMatchObject({ address: '10.5.0.2', mac: '52:54:00:06:00:00' });
    const query = labd.app.get(ServedNetworksQuery, { strict: false });
    const statements = await labd.database.statements.fewest(async () => {
      await query.fingerprint(bastionId);
      await query.level(bastionId);
    });
    expect(statements).toHaveLength(3);
  });

  it('is what labd knows of machines that were seen, too', async () => {
    await network('seen', { cidr: '192.168.77.0/24' });
    await bastion.sees(aMachine(0x77));
    const { body } = await labd.call<{ status: { nics: { network: string }[] } }>(
      'GET',
      '/api/v1/servers/srv-000077',
    );
    expect(body.status.nics[0]?.network).toBe('seen');
    // An address that was seen is none that anybody declared.
    await bastion.serving(({ networks }) => networks.length === 1);
    expect(told()?.reservations).toEqual([]);
  });
});

describe('a level', () => {
  const served = (index: number): ServedNetwork => ({
    networkId: `00000000-0000-4000-8000-${index.toString().padStart(12, '0')}`,
    name: `network-${index}`,
    cidr: '10.0.0.0/8',
    mode: 'full',
    ranges: Array.from({ length: 50 }, (_, at) => ({ first: `10.0.${at}.1`, last: `10.0.${at}.250` })),
    leaseSeconds: 3600,
    gateway: null,
    domain: null,
    nameservers: [],
  });
  const reservation = (index: number) => ({
    networkId: served(0).networkId,
    mac: '52:54:00:00:00:01' as never,
    address: `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
    hostname: 'h'.repeat(63),
  });

  it('is cut into parts that each fit into a frame', () => {
    const networks = Array.from({ length: 300 }, (_, index) => served(index));
    const reservations = Array.from({ length: 10_000 }, (_, index) => reservation(index));
    const parts = levelParts({ networks, reservations });
    expect(parts.map(({ part }) => part)).toEqual(parts.map((_, index) => index + 1));
    for (const part of parts) {
      expect(part).toMatchObject({ parts: parts.length, revision: parts[0]?.revision });
      expect(Buffer.byteLength(JSON.stringify(part))).toBeLessThan(600_000);
      expect(part.networks.length).toBeLessThanOrEqual(64);
      expect(part.reservations.length).toBeLessThanOrEqual(4000);
    }
    expect(parts.flatMap((part) => part.networks)).toEqual(networks);
    expect(parts.flatMap((part) => part.reservations)).toEqual(reservations);
  });

  it('is one part if it is little, and has a revision of its content', () => {
    const level = { networks: [served(1)], reservations: [reservation(1)] };
    const [only, ...others] = levelParts(level);
    expect(others).toEqual([]);
    expect(levelParts(structuredClone(level))[0]?.revision).toBe(only?.revision);
    expect(levelParts({ ...level, reservations: [] })[0]?.revision).not.toBe(only?.revision);
  });
});
