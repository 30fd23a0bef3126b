import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LinkedBastion, aMachine } from '@lab/testing';
import { WebSocket } from 'ws';
import { runningLabd, type TestLabd } from '../../test/running-labd.js';
import type { JoinTokenDto } from '../bastions/join-token.dto.js';
import type { BastionDto } from '../bastions/bastion.dto.js';
import type { InstallDto } from '../provisioning/install.dto.js';
import type { LogPageDto } from '../provisioning/install-log.dto.js';
import type { ListOf } from '../resources/resource-api.js';
import type { ServerDto } from '../servers/server.dto.js';

describe('the link', () => {
  let labd: TestLabd;
  let number = 0;
  beforeAll(async () => {
    labd = await runningLabd();
  });
  afterAll(() => labd.stop());

  const bastionNamed = async (name: string): Promise<LinkedBastion> => {
    const bastion = await LinkedBastion.enrol(labd, name);
    await bastion.connect();
    return bastion;
  };
  const server = async (reference: string) =>
    (await labd.call<ServerDto>('GET', `/api/v1/servers/${encodeURIComponent(reference)}`)).body;
  async function provisioned(bastion: LinkedBastion): Promise<{ name: string; installId: string }> {
    number += 1;
    await bastion.sees(aMachine(0x100 + number));
    const name = `srv-${(0x100 + number).toString(16).padStart(6, '0')}`;
    const order = { profile: 'test-installer', role: 'worker' };
    const { body } = await labd.call<ServerDto>('POST', `/api/v1/servers/${name}/provision`, order);
    return { name, installId: body.status.install?.id ?? '' };
  }

  it('is refused with 401 without the right credential, and with 404 elsewhere', async () => {
    const status = (path: string, credential: string) =>
      new Promise<number | undefined>((resolve) => {
        const headers = { authorization: `Bearer ${credential}` };
        const socket = new WebSocket(`${labd.url.replace('http', 'ws')}${path}`, { headers });
        socket.on('unexpected-response', (_request, response) => {
          resolve(response.statusCode);
          socket.terminate();
        });
        socket.on('error', () => undefined);
      });
    expect(await status('/api/v1/link', 'lab_bastion_this-is-not-a-credential-at-all')).toBe(401);
    expect(await status('/api/v1/link', 'x')).toBe(401);
    expect(await status('/elsewhere', 'x')).toBe(404);
  });

  it('survives a peer that sends garbage instead of an upgrade', async () => {
    const { hostname, port } = new URL(labd.url);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () =>
        socket.write('GET /api/v1/link HTTP/1.1\r\nUpgrade: x\r\n\r\n'),
      );
      socket.on('close', () => {
        resolve();
      });
      socket.on('error', () => undefined);
      socket.on('data', () => socket.destroy());
    });
    expect((await labd.call('GET', '/healthz')).status).toBe(200);
  });

  it('enrols as often as the token says, and not after it has expired', async () => {
    const { body: token } = await labd.call<JoinTokenDto>('POST', '/api/v1/tokens', {
      spec: { maxUses: 2 },
    });
    const enrol = (name: string) =>
      labd.call('POST', '/api/v1/bastions/enrol', { token: token.status.token, name }, null);
    expect((await enrol('twice-a')).status).toBe(201);
    expect((await enrol('twice-a')).status).toBe(409);
    expect((await enrol('twice-b')).status).toBe(201);
    expect((await enrol('twice-c')).status).toBe(401);
    const { client } = labd.database.database;
    const { body: late } = await labd.call<JoinTokenDto>('POST', '/api/v1/tokens', {});
    await client.joinToken.updateMany({ data: { expiresAt: new Date(0) } });
    const answer = await labd.call(
      'POST',
      '/api/v1/bastions/enrol',
      { token: late.status.token, name: 'late' },
      null,
    );
    expect(answer.status).toBe(401);
    expect(JSON.stringify(await client.joinToken.findMany())).not.toContain(String(token.status.token));
  });

  it('shows in the list of bastions while it is open', async () => {
    const bastion = await bastionNamed('site-shown');
    const shown = async () => {
      const { body } = await labd.call<ListOf<BastionDto>>('GET', '/api/v1/bastions');
      return body.items.find((item) => item.metadata.name === 'site-shown')?.status;
    };
    expect(await shown()).toMatchObject({
      link: 'up',
      profiles: ['fedora-43', 'test-installer'],
      servers: 0,
    });
    await bastion.disconnect();
    while ((await shown())?.link === 'up') await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it('sends the full plan first, in parts of at most 500 servers', async () => {
    const bastion = await bastionNamed('site-large');
    const machines = Array.from({ length: 600 }, (_, index) => aMachine(0x20000 + index));
    for (let from = 0; from < 600; from += 200) await bastion.sees(...machines.slice(from, from + 200));
    await bastion.disconnect();
    bastion.plans.length = 0;
    bastion.held.clear();
    await bastion.connect();
    const { body } = await labd.call<ListOf<ServerDto>>('GET', '/api/v1/servers?bastion=site-large&limit=1');
    await bastion.planned(body.items[0]?.metadata.id ?? '', () => bastion.held.size === 600);
    expect(bastion.plans.map((plan) => [plan.full, plan.servers.length])).toEqual([
      [true, 500],
      [false, 100],
    ]);
    await bastion.disconnect();
  });

  it('follows an install from boot to first boot', async () => {
    const bastion = await bastionNamed('site-story');
    const { name, installId } = await provisioned(bastion);
    const state = async () => (await server(name)).status;
    await bastion.reports(installId, ['boot', 'started']);
    expect(await state()).toMatchObject({
      phase: 'provisioning',
      install: { state: 'booting', stage: 'boot' },
    });
    await bastion.reports(installId, ['kickstart', 'started'], ['pre', 'started'], ['disk', 'started']);
    expect(await state()).toMatchObject({ install: { state: 'installing', stage: 'disk' } });
    await bastion.reports(
      installId,
      ['packages', 'started'],
      ['post', 'started'],
      ['ssh', 'started'],
      ['post', 'ended'],
    );
    expect(await state()).toMatchObject({ install: { state: 'finishing' } });
    const facts = {
      ...{ os: 'Fedora Linux 43', kernel: '6.17.1', hostname: 'node7', addresses: ['10.0.0.7/24'] },
      hostKeys: ['ssh-ed25519 AAAA'],
    };
    await bastion.reports(installId, ['first-boot', 'started'], ['first-boot', 'ended', { facts }]);
    expect(await state()).toMatchObject({
      phase: 'installed',
      os: 'test-installer',
      address: '10.0.0.7',
      system: {
        osName: 'Fedora Linux 43',
        kernelVersion: '6.17.1',
        hostname: 'node7',
        hostKeys: ['ssh-ed25519 AAAA'],
      },
      install: { state: 'succeeded', stage: 'first-boot', failure: null },
    });
    const { body } = await labd.call<InstallDto>('GET', `/api/v1/installs/${installId}`);
    const states = Object.fromEntries((body.stages ?? []).map((stage) => [stage.name, stage.state]));
    expect(states).toMatchObject({
      boot: 'succeeded',
      pre: 'succeeded',
      disk: 'succeeded',
      packages: 'succeeded',
    });
    expect(states).toMatchObject({ ssh: 'succeeded', users: 'pending', 'first-boot': 'succeeded' });
    await bastion.disconnect();
  });

  it('keeps the stated cause of a failed install', async () => {
    const bastion = await bastionNamed('site-failing');
    const { name, installId } = await provisioned(bastion);
    const failure = {
      section: '%pre',
      stage: 'disk' as const,
      line: 41,
      command: 'sfdisk /dev/vda',
      exitCode: 1,
      lastLines: ['no such device'],
    };
    await bastion.reports(
      installId,
      ['pre', 'started'],
      ['disk', 'started'],
      ['disk', 'failed', { failure, message: 'No disk.' }],
    );
    const { status } = await server(name);
    expect(status).toMatchObject({
      phase: 'failed',
      install: { state: 'failed', failure: { ...failure, message: 'No disk.' } },
    });
    await bastion.disconnect();
  });

  it('commits nothing twice when everything is sent again', async () => {
    const bastion = await bastionNamed('site-replay');
    const { name, installId } = await provisioned(bastion);
    await bastion.writes(installId, 1, 'one', 'two');
    await bastion.reports(installId, ['boot', 'started']);
    const before = await server(name);
    await bastion.disconnect();
    bastion.facts.ackedSeq = 0;
    bastion.logs.ackedSeq = 0;
    await bastion.connect();
    await bastion.writes(installId, 3, 'three');
    const { body } = await labd.call<LogPageDto>('GET', `/api/v1/servers/${name}/logs`);
    expect(body.lines.map((line) => line.text)).toEqual(['one', 'two', 'three']);
    expect(body).toMatchObject({ logTotal: 3, next: null, install: { attempt: 1 } });
    expect((await server(name)).metadata.version).toBe(before.metadata.version);
    await bastion.disconnect();
  });

  it('lets no fact stop those behind it', async () => {
    const bastion = await bastionNamed('site-poison');
    const other = await bastionNamed('site-other');
    const { name, installId } = await provisioned(bastion);
    const foreign = await provisioned(other);
    bastion.report(randomUUID(), 'boot', 'started'); // forgotten
    bastion.report(foreign.installId, 'boot', 'started'); // another bastion's
    bastion.report(installId, 'first-boot', 'ended'); // a queued install can't have booted
    await bastion.sees(
      aMachine(0x900, {
        manufacturer: 'NUL \u0000 and \ud800',
        cpuCores: 2 ** 40,
        seenAt: '0000-01-01T00:00:00Z',
      }),
    );
    await bastion.reports(installId, ['boot', 'started']);
    expect((await server(name)).status.install?.state).toBe('booting');
    expect((await server(foreign.name)).status.install?.state).toBe('queued');
    expect((await server('srv-000900')).status.hardware).toMatchObject({
      manufacturer: 'NUL \uFFFD and \uFFFD',
      cpuCores: null,
    });
    await bastion.writes(randomUUID(), 1, 'of no install');
    await bastion.writes(installId, 1, 'kept \u0000');
    expect((await labd.call<LogPageDto>('GET', `/api/v1/servers/${name}/logs`)).body.lines).toMatchObject([
      { text: 'kept \uFFFD' },
    ]);
    await bastion.disconnect();
    await other.disconnect();
  });

  it('gives its place to a second link of the same bastion', async () => {
    const first = await bastionNamed('site-twice');
    const second = new LinkedBastion(labd, first.name, first.id, first.credential);
    const closed = first.session?.closed;
    await second.connect();
    expect(await closed).toMatchObject({ code: 4409 });
    const { body } = await labd.call<ListOf<BastionDto>>('GET', '/api/v1/bastions');
    expect(body.items.find((item) => item.metadata.name === 'site-twice')?.status.link).toBe('up');
    await second.disconnect();
  });

  it('goes on after labd was restarted, with nothing lost', async () => {
    const bastion = await bastionNamed('site-restart');
    const { name, installId } = await provisioned(bastion);
    const closed = bastion.session?.closed;
    await labd.restart();
    expect(await closed).toMatchObject({ code: 1001 });
    bastion.report(installId, 'boot', 'started');
    bastion.report(installId, 'pre', 'started');
    await bastion.connect();
    await bastion.facts.settled();
    expect((await server(name)).status.install?.state).toBe('installing');
    await bastion.disconnect();
  });

  it('never merges machines silently', async () => {
    const bastion = await bastionNamed('site-identity');
    const known = aMachine(0xa01);
    await bastion.sees(known);
    await bastion.sees(aMachine(0xa02, { uuid: known.uuid }));
    const [one, two] = [await server('srv-000a01'), await server('srv-000a02')];
    expect(one.metadata.id).not.toBe(two.metadata.id);
    for (const { status } of [one, two]) {
      expect(status.conditions).toMatchObject([
        { type: 'IdentityConflict', status: 'True', reason: 'SharedUuid' },
      ]);
    }
    // The same machine with another NIC, which UUID and serial number prove.
    const nic = aMachine(0xa03);
    await bastion.sees({
      ...known,
      mac: nic.mac,
      nics: nic.nics,
      uuid: '4c4c4544-1111-4000-8000-000000000a01',
    });
    expect((await server('52:54:00:00:0a:03')).metadata.name).toBe('srv-000a03');
    await bastion.disconnect();
  });
});
