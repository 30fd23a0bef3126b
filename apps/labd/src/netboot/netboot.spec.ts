import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseMac } from '@lab/domain';
import type { Netboot, NetbootEvent } from '@lab/protocol';
import { LinkedBastion, aMachine } from '@lab/testing';
import { runningLabd, type TestLabd } from '../../test/running-labd.js';
import { Housekeeper } from '../housekeeping/housekeeper.js';
import { MOST_MACHINES, NetbootMachines } from './netboot-machines.repository.js';
import type { NetbootDto } from './netboot.dto.js';

let labd: TestLabd;
let siteA: LinkedBastion;
let siteB: LinkedBastion;
let now = Date.parse('2026-11-25T12:00:00Z');
beforeAll(async () => {
  labd = await runningLabd({ clock: { now: () => now } });
  siteA = await LinkedBastion.enrol(labd, 'site-a');
  siteB = await LinkedBastion.enrol(labd, 'site-b');
  await siteA.connect();
  await siteB.connect();
});
afterAll(async () => {
  await siteA.disconnect();
  await siteB.disconnect();
  await labd.stop();
});

const macOf = (text: string): Netboot['machines'][number]['mac'] => {
  const mac = parseMac(text);
  if (mac === undefined) throw new Error(`${text} is no MAC address`);
  return mac;
};
const event = (text: string, changes: Partial<NetbootEvent> = {}): NetbootEvent => ({
  ...{ at: '2026-11-25T11:59:00Z', type: 'decision', address: null, text },
  ...changes,
});
const machine = (mac: string, ...events: NetbootEvent[]) => ({ mac: macOf(mac), events });
const netboot = async (server: string, token?: string) =>
  labd.call<NetbootDto>('GET', `/api/v1/servers/${server}/netboot`, undefined, token);
async function texts(server: string, wanted: (texts: string[]) => boolean): Promise<string[]> {
  for (;;) {
    const found = (await netboot(server)).body.events.map(({ text }) => text);
    if (wanted(found)) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('how a machine netbooted', () => {
  it('is told of the server that it is, oldest first; what a bastion says again replaces what it said', async () => {
    await siteA.sees(aMachine(0x601));
    const mac = '52:54:00:00:06:01';
    const discover = event('asked', { at: '2026-11-25T11:59:00Z', type: 'discover' });
    const offer = event('offered', { at: '2026-11-25T11:59:01Z', type: 'offer', address: '192.168.77.100' });
    siteA.session?.sendNetboot({ machines: [machine(mac, discover)] });
    await texts('srv-000601', (found) => found.length === 1);
    siteA.session?.sendNetboot({ machines: [machine(mac, discover, offer)] });
    await texts('srv-000601', (found) => found.length === 2);
    expect((await netboot(mac)).body).toEqual({
      events: [
        { at: '2026-11-25T11:59:00.000Z', type: 'discover', mac, address: null, text: 'asked' },
        { at: '2026-11-25T11:59:01.000Z', type: 'offer', mac, address: '192.168.77.100', text: 'offered' },
      ],
      leases: [],
    });
  });

  it('is kept of a machine that is no server yet', async () => {
    siteA.session?.sendNetboot({ machines: [machine('52:54:00:00:06:02', event('before it was known'))] });
    const { client } = labd.database.database;
    while ((await client.netbootMachine.count({ where: { mac: '52:54:00:00:06:02' } })) === 0)
      await new Promise((resolve) => setTimeout(resolve, 5));
    await siteA.sees(aMachine(0x602));
    expect(await texts('srv-000602', (found) => found.length > 0)).toEqual(['before it was known']);
  });

  it('is found by the NICs that it gets orders by, and no others', async () => {
    const weak = '0a:00:00:00:06:03';
    const boot = aMachine(0x603);
    const nic = { driver: null, speedMbps: null, linkUp: true, addresses: [] };
    await siteA.sees({
      ...boot,
      nics: [
        ...boot.nics,
        { ...nic, name: 'ens4', mac: macOf('00:1b:21:00:06:f3'), driver: 'e1000e' },
        { ...nic, name: 'usb0', mac: macOf(weak), driver: 'cdc_ether' },
      ],
    });
    siteA.session?.sendNetboot({
      machines: [
        machine(weak, event('of some BMC')),
        machine('00:1b:21:00:06:f3', event('by the second NIC', { at: '2026-11-25T11:58:00Z' })),
        machine(boot.mac, event('by the first NIC')),
      ],
    });
    expect(await texts('srv-000603', (found) => found.length > 1)).toEqual([
      'by the second NIC',
      'by the first NIC',
    ]);
  });

  it('is said by its own bastion; of a server that none has seen, by those of its place', async () => {
    await siteA.sees(aMachine(0x604));
    const mac = '52:54:00:00:06:04';
    siteB.session?.sendNetboot({ machines: [machine(mac, event('a lie of another site'))] });
    siteA.session?.sendNetboot({ machines: [machine(mac, event('the truth'))] });
    const far = await LinkedBastion.enrol(labd, 'site-far', { cloud: 'far' });
    await far.connect();
    const declared = '52:54:00:00:06:05';
    await labd.call('POST', '/api/v1/servers', {
      metadata: { name: 'waiting' },
      spec: { nics: [{ mac: declared }] },
    });
    far.session?.sendNetboot({ machines: [machine(declared, event('from far away'))] });
    siteB.session?.sendNetboot({ machines: [machine(declared, event('seen here'))] });
    const { client } = labd.database.database;
    while ((await client.netbootMachine.count({ where: { mac: { in: [mac, declared] } } })) < 4)
      await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await texts('srv-000604', (found) => found.length > 0)).toEqual(['the truth']);
    expect(await texts('waiting', (found) => found.length > 0)).toEqual(['seen here']);
    await far.disconnect();
  });

  it('may be anything that fits into the message', async () => {
    await siteA.sees(aMachine(0x606));
    const mac = '52:54:00:00:06:06';
    const events = Array.from({ length: 32 }, (_, index) =>
      event(index === 31 ? 'NUL \u0000 \ud800' : 'x'.repeat(500), { at: '9999-12-31T00:00:00Z' }),
    );
    siteA.session?.sendNetboot({ machines: [machine(mac, event('twice')), machine(mac, ...events)] });
    const found = await texts('srv-000606', (all) => all.length === 32);
    expect(found.at(-1)).toBe('NUL \uFFFD \uFFFD');
    // A clock that is out of its mind is not believed.
    expect((await netboot(mac)).body.events[0]?.at).toBe('2026-11-25T12:00:00.000Z');
  });

  it('comes with the leases of its NICs, in networks that the caller may read', async () => {
    await siteA.sees(aMachine(0x607));
    const mac = macOf('52:54:00:00:06:07');
    const made = await labd.call<{ metadata: { id: string } }>('POST', '/api/v1/networks', {
      metadata: { name: 'leased' },
      spec: { cidr: '10.60.0.0/24', bastion: 'site-a', dhcpEnabled: true, environment: 'wires' },
    });
    const lease = { mac, address: '10.60.0.100', hostname: null, expiresAt: '2026-11-25T13:00:00Z' };
    siteA.session?.sendLeases({ networkId: made.body.metadata.id, total: 1, leases: [lease], problem: null });
    const leases = async (token?: string) => (await netboot('srv-000607', token)).body.leases;
    while ((await leases()).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await leases()).toEqual([
      { network: 'leased', address: '10.60.0.100', mac, expiresAt: '2026-11-25T13:00:00.000Z' },
    ]);
    expect(await leases(await labd.userWith('read:default:default:*'))).toEqual([]);
    expect((await netboot('srv-000607', await labd.userWith('read:default:other:*'))).status).toBe(404);
  });
});

describe('what is kept of machines', () => {
  it('is bounded: those go first that are no servers, however new', async () => {
    await siteB.sees(aMachine(0x701));
    const machines = labd.app.get(NetbootMachines, { strict: false });
    await machines.record(siteB.id, [machine('52:54:00:00:07:01', event('of a server'))], new Date(now));
    const flood = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => {
        const hex = (from + index).toString(16).padStart(6, '0');
        return machine(`02:ff:ff:${hex.slice(0, 2)}:${hex.slice(2, 4)}:${hex.slice(4)}`, event('a flood'));
      });
    now += 1000;
    for (let from = 0; from < MOST_MACHINES + 500; from += 500)
      await machines.record(siteB.id, flood(from, 500), new Date(now));
    const { client } = labd.database.database;
    expect(await client.netbootMachine.count({ where: { bastionId: siteB.id } })).toBe(MOST_MACHINES);
    expect(await texts('srv-000701', () => true)).toEqual(['of a server']);
  });

  it('is taken away when it was not heard of for long', async () => {
    const housekeeper = labd.app.get(Housekeeper, { strict: false });
    const { client } = labd.database.database;
    await housekeeper.tidy();
    expect(await client.netbootMachine.count()).toBeGreaterThan(0);
    now += 91 * 86_400_000;
    await housekeeper.tidy();
    expect(await client.netbootMachine.count()).toBe(0);
  });
});
