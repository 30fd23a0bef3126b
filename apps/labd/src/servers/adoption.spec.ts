import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LinkedBastion, aMachine } from '@lab/testing';
import type { Machine } from '@lab/protocol';
import { runningLabd, type Loose, type TestLabd } from '../../test/running-labd.js';
import type { ListOf } from '../resources/resource-api.js';
import type { ServerDto } from './server.dto.js';

const ERASE = { profile: 'fedora-43', role: 'worker', allowErase: true };

describe('a server whose board or NIC was replaced', () => {
  let labd: TestLabd;
  let bastion: LinkedBastion;
  let number = 0x200;
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

  const replaced = async (
    changes: (known: Machine) => Partial<Machine> = ({ uuid, serial, disks }) => ({ uuid, serial, disks }),
  ) => {
    const known = machine();
    await bastion.sees(known);
    const [old] = [await server(known.mac)];
    const next = machine(changes(known));
    await bastion.sees(next);
    return { known, next, old, now: await server(next.mac) };
  };

  it.each<[string, (known: Machine) => Partial<Machine>]>([
    ['NIC', ({ uuid, serial, disks }) => ({ uuid, serial, disks })],
    ['board, with the service tag written into it', ({ serial, disks }) => ({ serial, disks })],
    ['board, with nothing but its disks kept', ({ disks }) => ({ disks })],
    ['board, with the NIC kept', ({ mac, nics, disks }) => ({ mac, nics, disks })],
  ])('says so, and with which command they are joined: a %s', async (_what, changes) => {
    const known = machine();
    await bastion.sees(known);
    const old = await server(known.mac);
    const next = machine(changes(known));
    await bastion.sees(next);
    const { body } = await labd.call<ListOf<ServerDto>>('GET', '/api/v1/servers');
    const now = body.items.find(
      ({ status }) => status.hardware.smbiosUuid === next.uuid && status.hardware.serial === next.serial,
    );
    const concerned = body.items.filter(
      ({ metadata: { id } }) => id === old.metadata.id || id === now?.metadata.id,
    );
    const newer = body.items.find(
      ({ status, metadata }) =>
        metadata.id !== old.metadata.id &&
        status.disks.some(({ serial }) => serial === next.disks[0]?.serial),
    );
    for (const one of [...concerned, newer]) {
      expect(one?.status.conditions[0]?.message).toContain(
        `labctl adopt ${old.metadata.name} ${newer?.metadata.name ?? ''}`,
      );
    }
    const joined = await call('POST', `${old.metadata.name}/adopt`, { from: newer?.metadata.id });
    expect(joined.status).toBe(200);
    expect(joined.body.metadata).toMatchObject({ id: old.metadata.id, name: old.metadata.name });
    expect(joined.body.status).toMatchObject({
      mac: next.mac,
      conditions: [],
      hardware: { serial: next.serial },
    });
    expect((await call('GET', newer?.metadata.id ?? '')).status).toBe(404);
    // From now on it is that server.
    await bastion.sees(next);
    expect((await server(next.mac)).metadata.id).toBe(old.metadata.id);
    expect((await bastion.planned(old.metadata.id, (plan) => plan?.macs[0] === next.mac))?.macs).toEqual([
      next.mac,
    ]);
  });

  it('tries it without a change, and writes down who joined them', async () => {
    const { old, now } = await replaced();
    const path = `${old.metadata.name}/adopt`;
    const tried = await call('POST', `${path}?dryRun=true`, { from: now.metadata.name });
    expect(tried.body.status.mac).toBe(now.status.mac);
    expect((await server(old.metadata.name)).status.mac).toBe(old.status.mac);
    expect((await call('GET', now.metadata.id)).status).toBe(200);
    await call('POST', path, { from: now.metadata.name });
    expect(await audited(old.metadata.id)).toContain('user:admin adopt');
    expect(await audited(now.metadata.id)).toContain('user:admin forget');
  });

  it('says of an installed server with another boot NIC that its machine boots like a new one until it is adopted', async () => {
    const { old, now } = await replaced();
    const [before, after] = [old.metadata.name, now.metadata.name];
    for (const { id } of [old.metadata, now.metadata]) {
      expect((await server(id)).status.conditions[0]?.message).toContain(
        `until then ${after} boots like any new machine, and not what ${before} has installed`,
      );
    }
    expect((await bastion.planned(now.metadata.id, (plan) => plan !== undefined))?.action).toBe('discover');
  });

  it('confirms the server: from now on it is nobody’s to drop', async () => {
    const { old, now } = await replaced();
    const confirmed = async () =>
      (await labd.database.database.client.server.findUniqueOrThrow({ where: { id: old.metadata.id } }))
        .confirmedAt;
    expect(await confirmed()).toBeNull();
    await call('POST', `${old.metadata.name}/adopt?dryRun=true`, { from: now.metadata.name });
    expect(await confirmed()).toBeNull();
    await call('POST', `${old.metadata.name}/adopt`, { from: now.metadata.name });
    expect(await confirmed()).toEqual(expect.any(Date));
    expect(await bastion.planned(old.metadata.id, (plan) => plan?.confirmed === true)).toBeDefined();
  });

  it.each<[string, (name: string) => Promise<unknown>]>([
    ['renamed', (name) => call('PATCH', name, { metadata: { name: 'renamed-1' } })],
    [
      'ordered under another',
      (name) => call('POST', `${name}/provision`, { ...ERASE, hostname: 'renamed-2' }),
    ],
  ])('is named as it is called, also after it was %s', async (_how, rename) => {
    const { old, now } = await replaced();
    await rename(old.metadata.name);
    const renamed = (await server(old.metadata.id)).metadata.name;
    expect(renamed).not.toBe(old.metadata.name);
    for (const { id } of [old.metadata, now.metadata]) {
      const stated = (await server(id)).status.conditions.find(({ type }) => type === 'IdentityConflict');
      expect(stated?.message).toContain(`labctl adopt ${renamed} ${now.metadata.name}`);
    }
  });

  it('needs the right to change the one, and to destroy the other', async () => {
    const { old, now } = await replaced();
    const body = { from: now.metadata.id };
    const mayWrite = await labd.userWith('read:*:*:*', `apply:*:*:${old.metadata.name}`);
    expect((await call('POST', `${old.metadata.id}/adopt`, body, mayWrite)).status).toBe(403);
    const mayDestroy = await labd.userWith('read:*:*:*', `destroy:*:*:${now.metadata.name}`);
    expect((await call('POST', `${old.metadata.id}/adopt`, body, mayDestroy)).status).toBe(403);
    const mayBoth = await labd.userWith(`apply:*:*:${old.metadata.name}`, `destroy:*:*:${now.metadata.name}`);
    expect((await call('POST', `${old.metadata.id}/adopt`, body, mayBoth)).status).toBe(200);
  });

  it('is refused while an install is under way, across places, and of a record with installs', async () => {
    const { old, now } = await replaced();
    const adopt = async (from = now, into = old) => {
      const { status, body } = await call<Loose>('POST', `${into.metadata.id}/adopt`, {
        from: from.metadata.id,
      });
      return [status, body.detail ?? body.title, body.hint];
    };
    expect(await adopt(old, old)).toMatchObject([400, expect.stringContaining('itself'), expect.any(String)]);
    await ordered(now.metadata.name);
    expect(await adopt()).toMatchObject([
      409,
      expect.stringContaining('is being installed'),
      expect.any(String),
    ]);
    await call('POST', `${now.metadata.id}/cancel`);
    expect(await adopt()).toMatchObject([
      409,
      expect.stringContaining('installs of its own'),
      expect.any(String),
    ]);
    const evil = await elsewhere(`evil-${number}`, 'evil');
    const foreign = machine();
    await evil.sees(foreign);
    expect(await adopt(await server(foreign.mac))).toMatchObject([
      409,
      expect.stringContaining('cloud evil'),
      expect.any(String),
    ]);
    await evil.disconnect();
  });

  it('is refused when both were heard of, unless a person insists', async () => {
    const { known, old, now } = await replaced();
    await bastion.sees({ ...known, seenAt: new Date(Date.now() + 1000).toISOString() });
    expect((await server(now.metadata.id)).status.conditions[0]?.message).not.toContain('adopt');
    const refused = await call<Loose>('POST', `${old.metadata.id}/adopt`, { from: now.metadata.id });
    expect([refused.status, refused.body.hint]).toMatchObject([409, expect.stringContaining('--force')]);
    const forced = await call('POST', `${old.metadata.id}/adopt`, { from: now.metadata.id, force: true });
    expect(forced.status).toBe(200);
  });
});
