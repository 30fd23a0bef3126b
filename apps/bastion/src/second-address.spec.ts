import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { InstallPlan, ServerPlan } from '@lab/protocol';
import { pino } from 'pino';
import {
  configIn,
  installPlan,
  operatorToken,
  serverPlan,
  temporaryFolder,
} from '../test/bastion-fixture.js';
import { Host } from '../test/host.js';
import { startBastion, type RunningBastion } from './start-bastion.js';

const UUID = '4c4c4544-0042-3310-8052-b4c04f4d3332';
const ME = `?uuid=${UUID}&serial=B32RM32&platform=efi`;
const SILENCE_MS = 120_000;

/** An install on a network that is not a friend: hosts are addresses of 127.0.0.0/8, time is ours. */
describe('An install, and a second address', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let bastion: RunningBastion;
  let now = Date.parse('2026-11-25T10:00:00Z');
  let mac: string;
  let nextMac = 0;
  const servers: ServerPlan[] = [];

  const host = (address: string) => new Host(() => bastion.url, address);
  const machine = host('127.0.0.10');
  const moved = host('127.0.0.11');
  const hostile = host('127.0.0.66');

  const start = async (): Promise<void> => {
    bastion = await startBastion(configIn(folder.path), {
      clock: { now: () => now },
      log: pino({ level: 'silent' }),
    });
  };
  const restart = async (): Promise<void> => {
    await bastion.stop();
    const plan = { generation: 1, full: true, servers, removed: [] };
    await writeFile(join(folder.path, 'plans.ndjson'), `${JSON.stringify(plan)}\n`);
    await start();
  };
  /** A server that is known and to be installed. */
  const planned = async (over: Partial<InstallPlan> = {}, known = true): Promise<void> => {
    const identity = known ? { uuid: UUID, serial: 'B32RM32' } : {};
    servers.push(serverPlan(mac, { ...identity, install: installPlan(over) }));
    await restart();
  };
  /** What the operator sees. */
  const shown = async () => {
    const response = await fetch(`${bastion.url}/api/logs/${mac}`, {
      headers: { authorization: `Bearer ${await operatorToken(folder.path)}` },
    });
    return (await response.json()) as {
      state: string;
      stage: string | null;
      reason: string | null;
      bound_to: string[];
      refused: { address: string; what: string; count: number }[];
      log_lines: { text: string }[];
      stages: { stage: string; state: string; message: string | null }[];
    };
  };

  beforeAll(async () => {
    folder = await temporaryFolder();
    await start();
  });
  afterAll(async () => {
    await bastion.stop();
    await folder[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    nextMac += 1;
    mac = `52:54:00:00:06:${nextMac.toString(16).padStart(2, '0')}`;
  });

  it('gets nothing of an install whose kickstart was fetched, and that is recorded and shown', async () => {
    await planned();
    const token = await machine.install(mac, ME);
    await machine.progress(token, 'pre', 'started', 1);
    for (const query of ['', ME]) {
      expect(await hostile.boot(mac, query)).toMatchObject({ status: 403, kickstart: undefined });
    }
    expect(await hostile.progress(token, 'first-boot', 'ended', 99, { facts: { host_keys: ['x'] } })).toBe(
      403,
    );
    expect((await hostile.post('/api/log', { source: 'pre', text: 'mine' }, token)).status).toBe(403);
    expect((await hostile.post('/api/discovery', { mac, serial: 'EVIL' })).status).toBe(403);
    // The victim's reports are still taken.
    expect(await machine.progress(token, 'disk', 'started', 2)).toBe(204);
    const { state, stage, bound_to: bound, refused, log_lines: lines } = await shown();
    expect({ state, stage, bound }).toEqual({ state: 'active', stage: 'disk', bound: ['127.0.0.10'] });
    expect(refused.map(({ address, what }) => `${address} ${what}`)).toEqual(
      ['boot script', 'progress', 'log', 'discovery'].map((what) => `127.0.0.66 ${what}`),
    );
    expect(lines.map(({ text }) => text)).toContain(
      'refused: 127.0.0.66 asked for the boot script of this install; the install is bound to 127.0.0.10',
    );
    expect(lines.map(({ text }) => text)).not.toContain('mine');
  });

  it('does not count as a boot of the machine, however often it asks', async () => {
    await planned();
    const token = await machine.install(mac, ME);
    await machine.progress(token, 'pre', 'started', 1);
    for (let boot = 1; boot <= 6; boot += 1) await hostile.boot(mac, boot % 2 === 0 ? '' : ME);
    expect(await shown()).toMatchObject({ state: 'active', stage: 'pre' });
    for (let boot = 1; boot <= 3; boot += 1) {
      expect((await machine.boot(mac, ME)).kickstart).toBeDefined();
    }
    expect((await machine.boot(mac, ME)).text).toContain('/ks/discovery');
    expect(await shown()).toMatchObject({ state: 'failed', reason: expect.stringContaining('boot-loop') });
  });

  it('that asks first ends nobody’s kickstart, and is not served if it is not the machine that is known', async () => {
    await planned();
    const { kickstart } = await machine.boot(mac, ME);
    const claims = ['?uuid=00112233-4455-6677-8899-aabbccddeeff&serial=OTHER', `?uuid=${UUID}&serial=OTHER`];
    for (const claim of claims) {
      const wrong = await hostile.boot(mac, claim);
      expect(wrong).toMatchObject({ status: 200, kickstart: undefined });
      expect(wrong.text).toContain('/ks/discovery');
    }
    // It knows everything that is said over the network: it gets a kickstart of its own, and only the first fetch counts.
    const spoofed = await hostile.boot(mac, ME);
    expect(spoofed.kickstart).toBeDefined();
    expect((await machine.get(kickstart ?? '')).status).toBe(200);
    expect((await hostile.get(spoofed.kickstart ?? '')).status).toBe(403);
    const { bound_to: bound, refused } = await shown();
    expect(bound).toEqual(['127.0.0.10']);
    expect(refused.map(({ what }) => what)).toEqual(['boot script', 'kickstart']);
  });

  it('that says nothing of itself is no match for a machine that was heard of elsewhere', async () => {
    await planned();
    const report = { mac, uuid: UUID, serial: 'B32RM32' };
    expect((await machine.post('/api/discovery', report)).status).toBe(200);
    for (const query of ['', `?uuid=${UUID}`]) {
      expect((await hostile.boot(mac, query)).kickstart).toBeUndefined();
      expect((await machine.boot(mac, query)).kickstart).toBeDefined();
    }
  });

  it('may not go to a machine with the MAC address of another one', async () => {
    await planned();
    const dongle = { mac, uuid: '00112233-4455-6677-8899-aabbccddeeff', serial: 'OTHER' };
    expect((await hostile.post('/api/discovery', dongle)).status).toBe(200);
    expect((await hostile.get(`/api/boot/${mac}`)).text).toBe('{"action":"discover"}');
    expect((await machine.get(`/api/boot/${mac}`)).text).toBe('{"action":"install"}');
  });

  it('may not go to a machine with a carried adapter, though all boards of its make have one UUID', async () => {
    const placeholder = '03020100-0504-0706-0809-0a0b0c0d0e0f';
    servers.push(serverPlan(mac, { uuid: placeholder, serial: 'SN1', install: installPlan() }));
    await restart();
    const carrier = `?uuid=${placeholder}&serial=SN2`;
    const refused = await hostile.boot(mac, carrier);
    expect(refused).toMatchObject({ status: 200, kickstart: undefined });
    expect(refused.text).toContain('/ks/discovery');
    expect((await shown()).refused).toMatchObject([{ address: '127.0.0.66', what: 'boot script', count: 1 }]);
    // Having said so, it can't keep quiet about it.
    const report = { mac, uuid: placeholder, serial: 'SN2' };
    expect((await hostile.post('/api/discovery', report)).status).toBe(200);
    for (const query of ['', `?uuid=${placeholder}`]) {
      expect((await hostile.boot(mac, query)).kickstart).toBeUndefined();
    }
    expect((await machine.boot(mac, `?uuid=${placeholder}&serial=SN1`)).kickstart).toBeDefined();
  });

  it('is the machine’s own when it starts again there', async () => {
    await planned();
    // Some firmware has the first three fields of its UUID the other way round.
    const swapped = '?uuid=44454C4C-4200-1033-8052-B4C04F4D3332&serial=%20b32rm32';
    const token = await machine.install(mac, swapped);
    expect(token).not.toBe('');
    await machine.progress(token, 'pre', 'started', 1);
    const again = await machine.install(mac, swapped);
    expect(again).not.toBe('');
    expect(await machine.progress(again, 'pre', 'started', 1)).toBe(204);
    expect(await machine.progress(token, 'disk', 'started', 2)).toBe(401);
    const { stages } = await shown();
    expect(stages[0]).toMatchObject({ message: expect.stringContaining('The machine started again during') });
    // Another machine at the same address, as behind a NAT, waits in discovery.
    const neighbour = await machine.boot(mac, '?uuid=00112233-4455-6677-8899-aabbccddeeff&serial=X');
    expect(neighbour).toMatchObject({ status: 200, kickstart: undefined });
  });

  it('is let in when it is the same machine, and the old address has been silent', async () => {
    await planned();
    const token = await machine.install(mac, ME);
    await machine.progress(token, 'pre', 'started', 1);
    now += SILENCE_MS - 1;
    expect((await moved.boot(mac, ME)).status).toBe(403);
    now += 1;
    expect((await moved.boot(mac, '?uuid=&serial=')).status).toBe(403);
    const { kickstart } = await moved.boot(mac, ME);
    // Nothing has happened to the install yet.
    expect(await shown()).toMatchObject({ stage: 'pre', bound_to: ['127.0.0.10'] });
    const text = (await moved.get(kickstart ?? '')).text;
    const again = /^LAB_TOKEN='?([\w-]+)'?$/m.exec(text)?.[1] ?? '';
    expect(await moved.progress(again, 'pre', 'started', 1)).toBe(204);
    expect(await shown()).toMatchObject({ state: 'active', bound_to: ['127.0.0.11'] });
  });

  it('loses an install that it took over when its machine was only silent', async () => {
    await planned();
    const token = await machine.install(mac, ME);
    await machine.progress(token, 'pre', 'started', 1);
    now += SILENCE_MS;
    const stolen = await hostile.install(mac, ME);
    expect(stolen).not.toBe('');
    expect(await machine.progress(token, 'disk', 'started', 2)).toBe(204);
    expect(await hostile.progress(stolen, 'first-boot', 'ended', 9)).toBe(401);
    const { state, bound_to: bound, log_lines: lines } = await shown();
    expect({ state, bound }).toEqual({ state: 'active', bound: ['127.0.0.10'] });
    expect(lines.map(({ text }) => text)).toContainEqual(
      expect.stringContaining('127.0.0.66, which had begun the install anew, has lost it'),
    );
  });

  it('may not fetch what it was given while the machine is heard of', async () => {
    await planned();
    const token = await machine.install(mac, ME);
    now += SILENCE_MS;
    const { kickstart } = await hostile.boot(mac, ME);
    now += 1;
    await machine.post('/api/log', { lines: [] }, token);
    expect((await hostile.get(kickstart ?? '')).status).toBe(403);
  });

  it('may be the installed system’s, which is another DHCP client, once the installer is silent', async () => {
    await planned();
    const token = await machine.install(mac, ME);
    await machine.progress(token, 'post', 'ended', 1);
    expect(await hostile.progress(token, 'first-boot', 'ended', 2)).toBe(403);
    // On loopback there is no link to tell them apart by.
    now += SILENCE_MS;
    expect(await hostile.progress('not-the-token', 'first-boot', 'ended', 2)).toBe(401);
    expect(await moved.progress(token, 'first-boot', 'started', 20_001)).toBe(204);
    expect(await hostile.progress(token, 'first-boot', 'ended', 2)).toBe(403);
    const facts = { hostname: 'node1', host_keys: ['ssh-ed25519 OURS'] };
    expect(await moved.progress(token, 'first-boot', 'ended', 20_002, { facts })).toBe(204);
    // A replay after the end, from there and from elsewhere.
    const theirs = { facts: { host_keys: ['ssh-ed25519 THEIRS'] } };
    expect(await hostile.progress(token, 'first-boot', 'ended', 20_003, theirs)).toBe(403);
    expect(await moved.progress(token, 'first-boot', 'ended', 20_002, theirs)).toBe(204);
    expect(await shown()).toMatchObject({ state: 'succeeded' });
  });

  it('is the machine’s own if the order gives it to it', async () => {
    const nic = { ports: [mac as never], bond: null, vlan: null, method: 'static' as const };
    await planned({ interfaces: [{ ...nic, address: '127.0.0.11/8', gateway: null, nameservers: [] }] });
    const token = await machine.install(mac, ME);
    expect(await moved.progress(token, 'pre', 'started', 1)).toBe(204);
  });

  it('is written down once a minute, however fast it asks; and all of it survives a restart', async () => {
    await planned();
    const token = await machine.install(mac, ME);
    for (let time = 0; time < 50; time += 1) await hostile.boot(mac);
    const refusals = (lines: { text: string }[]) => lines.filter(({ text }) => text.startsWith('refused'));
    const before = await shown();
    expect(refusals(before.log_lines)).toHaveLength(1);
    expect(before.refused).toMatchObject([{ address: '127.0.0.66', count: 50 }]);
    now += 60_000;
    await hostile.boot(mac);
    expect(refusals((await shown()).log_lines)).toHaveLength(2);
    await restart();
    // Nobody is silent yet: the bastion has just begun to listen.
    expect((await hostile.boot(mac, ME)).status).toBe(403);
    expect(await machine.progress(token, 'pre', 'started', 1)).toBe(204);
    expect((await shown()).refused[0]?.count).toBeGreaterThanOrEqual(51);
  });

  it('does not take the address of a kickstart out of a log', async () => {
    await planned();
    const { kickstart } = await machine.boot(mac, ME);
    const text = (await machine.get(kickstart ?? '')).text;
    const token = /^LAB_TOKEN='?([\w-]+)'?$/m.exec(text)?.[1] ?? '';
    const line = `dracut: anaconda: fetching kickstart from ${bastion.url}${kickstart ?? ''}`;
    await machine.post('/api/log', { source: 'syslog', text: line }, token);
    const { log_lines: lines } = await shown();
    expect(lines.at(-1)?.text).toMatch(/fetching kickstart from \S+\/ks\/install\/\*\*\*$/);
  });
});
