import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LinkedBastion, aMachine } from '@lab/testing';
import type { Machine } from '@lab/protocol';
import { runningLabd, type Loose, type TestLabd } from '../../test/running-labd.js';
import type { ListOf } from '../resources/resource-api.js';
import type { ServerDto } from './server.dto.js';

const PLACEHOLDERS: [string, string][] = [
  ['03020100-0504-0706-0809-0a0b0c0d0e0f', '1234567890'],
  ['10000000-0000-8000-0040-000000000000', 'INVALID'],
  ['00020003-0004-0005-0006-000700080009', 'Not Applicable'],
  ['fefefefe-fefe-fefe-fefe-fefefefefefe', 'XXXXXXXXXX'],
];
const ERASE = { profile: 'fedora-43', role: 'worker', allowErase: true };

describe('which machine is it', () => {
  let labd: TestLabd;
  let bastion: LinkedBastion;
  let number = 0x100;
  /** Machines with addresses of a vendor, told apart by their numbers only. */
  const machine = (changes: Partial<Machine> = {}): Machine => {
    number += 1;
    const mac = `3c:ec:ef:00:${number
      .toString(16)
      .padStart(4, '0')
      .replace(/(..)(..)/, '$1:$2')}` as Machine['mac'];
    const made = aMachine(number);
    const nics = made.nics.map((nic) => ({ ...nic, name: 'eno1', driver: 'igb', mac }));
    return { ...made, mac, nics, ...changes };
  };
  const call = <T = ServerDto>(method: string, path: string, body?: unknown, token?: string) =>
    labd.call<T>(method, `/api/v1/servers/${path}`, body, token);
  const server = async (reference: string) => (await call('GET', encodeURIComponent(reference))).body;
  const stated = ({ status }: ServerDto) => status.conditions.map(({ type, reason }) => `${type} ${reason}`);
  const ordered = async (reference: string) => {
    const { body, status } = await call('POST', `${encodeURIComponent(reference)}/provision`, ERASE);
    expect(status).toBe(202);
    return body;
  };
  const elsewhere = async (name: string, cloud: string): Promise<LinkedBastion> => {
    const linked = await LinkedBastion.enrol(labd, name, { cloud });
    await linked.connect();
    return linked;
  };
  const audited = async (id: string) => {
    const rows = await labd.database.database.client.auditLog.findMany({
      where: { resourceId: id },
      orderBy: { at: 'asc' },
    });
    return rows.map(({ actor, action }) => `${actor} ${action}`);
  };

  beforeAll(async () => {
    labd = await runningLabd();
    bastion = await LinkedBastion.enrol(labd, 'site-a');
    await bastion.connect();
  });
  afterAll(async () => {
    await bastion.disconnect();
    await labd.stop();
  });

  it.each(PLACEHOLDERS)(
    'two machines that both say %s and %s are two servers, and say so',
    async (uuid, serial) => {
      const [m1, m2] = [machine({ uuid, serial }), machine({ uuid, serial })];
      await bastion.sees(m1);
      const order = await ordered(m1.mac);
      await bastion.sees(m2);
      const [one, two] = [await server(m1.mac), await server(m2.mac)];
      expect(one.metadata.id).toBe(order.metadata.id);
      expect(two.metadata.id).not.toBe(one.metadata.id);
      expect([stated(one), stated(two)]).toEqual([
        ['IdentityConflict SharedUuid'],
        ['IdentityConflict SharedUuid'],
      ]);
      expect([one.status.phase, two.status.phase]).toEqual(['provisioning', 'discovered']);
      const plan = await bastion.planned(one.metadata.id, (found) => found?.action === 'install');
      expect(plan?.macs).toEqual([m1.mac]);
      const other = await bastion.planned(two.metadata.id, (found) => found !== undefined);
      expect(other).toMatchObject({ action: 'discover', macs: [m2.mac] });
    },
  );

  it('a NIC that both their BMCs show makes two servers, that share it and nothing else', async () => {
    const bmc = 'be:3a:f2:b6:05:9f' as Machine['mac'];
    const [m1, m2] = [machine(), machine()].map((one) => ({
      ...one,
      nics: [...one.nics, { ...one.nics[0], name: 'enp0s20f0u1u6', mac: bmc, driver: 'cdc_ether' }],
    })) as [Machine, Machine];
    await bastion.sees(m1, m2);
    const [one, two] = [await server(m1.mac), await server(m2.mac)];
    expect(one.metadata.id).not.toBe(two.metadata.id);
    expect([stated(one), stated(two)]).toEqual([['SharedMac SharedMac'], ['SharedMac SharedMac']]);
    for (const { status } of [one, two]) expect(status.nics.map(({ mac }) => mac)).toContain(bmc);
    const plan = await bastion.planned(two.metadata.id, (found) => found !== undefined);
    expect(plan?.macs).toEqual([m2.mac]);
    // For a person it is ambiguous, and selects nothing.
    const asked = await call<Loose>('POST', `${encodeURIComponent(bmc)}/provision`, ERASE);
    expect(asked.status).toBe(409);
    expect(asked.body).toMatchObject({ type: 'urn:lab:problem:ambiguous' });
    expect(asked.body.detail ?? asked.body.title).toContain(one.metadata.name);
    // Once one is gone, the other shares nothing any more.
    await call('POST', `${one.metadata.id}/forget`);
    expect(stated(await server(m2.mac))).toEqual([]);
  });

  it('a card in two machines is in the plan of neither, until one of them boots from it', async () => {
    const card = '3c:fd:fe:00:00:77' as Machine['mac'];
    const withCard = (one: Machine): Machine => ({
      ...one,
      nics: [...one.nics, ...one.nics.map((nic) => ({ ...nic, name: 'enp3s0', mac: card }))],
    });
    const [m1, m2] = [machine(), machine()];
    await bastion.sees(withCard(m1));
    const { metadata } = await server(m1.mac);
    expect((await bastion.planned(metadata.id, (plan) => plan?.macs.length === 2))?.macs).toContain(card);
    await bastion.sees(withCard(m2));
    await bastion.planned(metadata.id, (plan) => plan?.macs.length === 1);
    const two = (await server(m2.mac)).metadata.id;
    await bastion.planned(two, (plan) => plan?.macs.length === 1);
    await bastion.sees({ ...withCard(m2), mac: card });
    expect((await server(m2.mac)).metadata.id).toBe(two);
    expect((await bastion.planned(two, (plan) => plan?.macs[0] === card))?.macs).toEqual([card, m2.mac]);
    expect(stated(await server(m1.mac))).toEqual(['IdentityConflict SharedMac']);
  });

  it('a machine that boots with the NIC of another, which has an order, gets a record of its own and not the order', async () => {
    const known = machine();
    await bastion.sees(known);
    const { metadata } = await ordered(known.mac);
    const other = machine({ mac: known.mac, nics: known.nics });
    await bastion.sees(other);
    const { body } = await labd.call<ListOf<ServerDto>>('GET', '/api/v1/servers');
    const sharing = body.items.filter(({ status }) => status.nics.some(({ mac }) => mac === known.mac));
    expect(sharing.map(stated)).toEqual([['IdentityConflict SharedMac'], ['IdentityConflict SharedMac']]);
    const [kept, added] = [
      sharing.find(({ metadata: { id } }) => id === metadata.id),
      sharing.find(({ metadata: { id } }) => id !== metadata.id),
    ];
    expect(kept?.status.hardware.serial).toBe(known.serial);
    expect(added?.status.hardware.serial).toBe(other.serial);
    const plan = await bastion.planned(added?.metadata.id ?? '', (found) => found !== undefined);
    expect(plan?.macs).toEqual([]);
    // Both go on being who they are, whichever reports.
    await bastion.sees(known, other, known);
    const again = (await labd.call<ListOf<ServerDto>>('GET', '/api/v1/servers')).body.items;
    expect(again).toHaveLength(body.items.length);
    // No more than a few are believed, or one host could make servers without end.
    await bastion.sees(...Array.from({ length: 20 }, () => machine({ mac: known.mac, nics: known.nics })));
    const all = (await labd.call<ListOf<ServerDto>>('GET', '/api/v1/servers')).body.items;
    expect(all.length - again.length).toBeLessThan(8);
    expect(stated(await server(metadata.id))).toContain('IdentityConflict TooManyClaims');
  });

  it('a bastion of another cloud takes nothing over, and gets no plan', async () => {
    const known = machine();
    await bastion.sees(known);
    const before = await ordered(known.mac);
    const evil = await elsewhere('evil-1', 'evil');
    await evil.sees(
      { ...known, model: 'overwritten', disks: [] },
      { ...known, uuid: machine().uuid, serial: null },
    );
    const after = await server(known.mac);
    expect(stated(after)).toEqual(['IdentityConflict ForeignBastion']);
    expect(after.status).toMatchObject({
      hardware: before.status.hardware,
      disks: before.status.disks,
      bastion: { name: 'site-a' },
      phase: 'provisioning',
    });
    expect(evil.held.has(before.metadata.id)).toBe(false);
    expect(await audited(before.metadata.id)).toContain('bastion:evil-1 refuse');
    // It is said once, however often it is tried.
    await evil.sees({ ...known, model: 'again' });
    expect((await server(known.mac)).metadata.version).toBe(after.metadata.version);
    const { body } = await labd.call<ListOf<ServerDto>>('GET', '/api/v1/servers?cloud=evil');
    expect(body.items).toEqual([]);
    await evil.disconnect();
  });

  it('a server changes its bastion within its place, but not while something is ordered', async () => {
    const known = machine();
    await bastion.sees(known);
    const second = await LinkedBastion.enrol(labd, 'site-b');
    await second.connect();
    await second.sees(known);
    expect((await server(known.mac)).status.bastion?.name).toBe('site-b');
    const { metadata } = await ordered(known.mac);
    await second.planned(metadata.id, (plan) => plan?.action === 'install');
    await bastion.sees(known);
    const after = await server(known.mac);
    expect(after.status.bastion?.name).toBe('site-b');
    expect(stated(after)).toEqual(['IdentityConflict OtherBastion']);
    expect(bastion.held.has(metadata.id)).toBe(false);
    await second.disconnect();
  });

  it('goes on being seen by its bastion when a person puts it into another cloud', async () => {
    const known = machine();
    await bastion.sees(known);
    const { metadata } = await server(known.mac);
    const moved = await call('PATCH', metadata.id, { spec: { cloud: 'prod' } });
    expect(moved.status).toBe(200);
    await bastion.sees({ ...known, model: 'as it is now' });
    const after = await server(known.mac);
    expect(after.status).toMatchObject({ conditions: [], hardware: { model: 'as it is now' } });
    expect(after.spec.cloud).toBe('prod');
  });

  it.each(['00:00:00:00:00:00', 'ff:ff:ff:ff:ff:ff', '01:00:5e:00:00:01'])(
    'a machine that says it booted from %s is none',
    async (mac) => {
      const { body: before } = await labd.call<ListOf<ServerDto>>('GET', '/api/v1/servers?limit=500');
      await bastion.sees(machine({ mac: mac as Machine['mac'] }), machine({ mac: mac as Machine['mac'] }));
      const { body: after } = await labd.call<ListOf<ServerDto>>('GET', '/api/v1/servers?limit=500');
      expect(after.items).toHaveLength(before.items.length);
    },
  );

  it('drops hardware partitions of an eMMC: they are no disks', async () => {
    const [disk] = aMachine(1).disks;
    const named = (name: string) => ({ ...disk, name, serial: '0xdeadbeef' }) as Machine['disks'][number];
    const known = machine({
      disks: ['mmcblk0', 'mmcblk0boot0', 'mmcblk0boot1', 'mmcblk0gp0', 'mmcblk0rpmb'].map(named),
    });
    await bastion.sees(known);
    expect((await server(known.mac)).status.disks.map(({ name }) => name)).toEqual(['mmcblk0']);
    expect(stated(await ordered(known.mac))).toEqual([]);
  });
});
