import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LinkedBastion, aMachine } from '@lab/testing';
import { runningLabd, type TestLabd } from '../../test/running-labd.js';
import type { ProblemDto } from '../http/problem.dto.js';
import type { ServerDto } from '../servers/server.dto.js';
import type { InstallDto, InstallListDto } from './install.dto.js';

/** A server, or why not. */
type Body = ServerDto & Partial<ProblemDto> & { profiles?: string[] };
const installOf = (body: ServerDto): string => body.status.install?.id ?? '';

const ORDER = { profile: 'fedora-43', role: 'worker' };

describe('provisioning', () => {
  let labd: TestLabd;
  let bastion: LinkedBastion;
  let next = 0;
  beforeAll(async () => {
    labd = await runningLabd();
    bastion = await LinkedBastion.enrol(labd, 'site-a');
    await bastion.connect();
  });
  afterAll(async () => {
    await bastion.disconnect();
    await labd.stop();
  });

  const post = (name: string, verb: string, body: unknown = {}) =>
    labd.call<Body>('POST', `/api/v1/servers/${name}/${verb}`, body);
  const server = async (name: string) => (await labd.call<ServerDto>('GET', `/api/v1/servers/${name}`)).body;
  /** A discovered machine of its own for each test. */
  async function discovered(): Promise<string> {
    const number = (next += 1);
    await bastion.sees(aMachine(number));
    return `srv-${number.toString(16).padStart(6, '0')}`;
  }
  async function installed(name: string): Promise<string> {
    const { body } = await post(name, 'provision', ORDER);
    const id = installOf(body);
    await bastion.reports(
      id,
      ['boot', 'started'],
      ['pre', 'started'],
      ['post', 'ended'],
      ['first-boot', 'ended'],
    );
    return id;
  }

  it('queues an install, gives the server its host name, and plans it for the bastion', async () => {
    const name = await discovered();
    const disk = { serial: 'D000001' };
    const { status, body } = await post(name, 'provision', { ...ORDER, hostname: 'node1.lab.example', disk });
    expect(status).toBe(202);
    expect(body).toMatchObject({
      metadata: { name: 'node1.lab.example', version: 2 },
      spec: { role: 'worker' },
      status: {
        phase: 'provisioning',
        os: 'fedora-43',
        install: { attempt: 1, state: 'queued', profile: 'fedora-43', stage: null, failure: null },
      },
    });
    const plan = await bastion.planned(body.metadata.id, (held) => held?.action === 'install');
    expect(plan).toMatchObject({
      name: 'node1.lab.example',
      macs: ['52:54:00:00:00:01'],
      install: {
        ...{
          installId: installOf(body),
          attempt: 1,
          state: 'queued',
          hostname: 'node1.lab.example',
          disk,
        },
        ...{ allowErase: false, layout: null, role: 'worker', profile: 'fedora-43' },
      },
    });
    expect((await labd.call<ServerDto>('GET', '/api/v1/servers/node1')).body.metadata.id).toBe(
      body.metadata.id,
    );
  });

  it('says at once when the disk that it names is not one that was seen, until the order is another', async () => {
    const name = await discovered();
    const wrong = await post(name, 'provision', { ...ORDER, disk: { serial: 'TYPO' } });
    expect(wrong.body.status.conditions).toMatchObject([
      {
        type: 'DiskMismatch',
        status: 'True',
        reason: 'NoDiskMatches',
        message: expect.stringContaining('serial TYPO'),
      },
    ]);
    await post(name, 'cancel');
    expect((await server(name)).status.conditions).toEqual([]);
    const serial = wrong.body.status.disks[0]?.serial;
    const right = await post(name, 'provision', { ...ORDER, disk: { serial } });
    expect(right).toMatchObject({ status: 202, body: { status: { conditions: [] } } });
  });

  it('refuses an unknown profile and lists the known ones', async () => {
    const { status, body } = await post(await discovered(), 'provision', { ...ORDER, profile: 'windows-95' });
    expect(status).toBe(400);
    expect(body.hint).toBe('Use one of fedora-43, test-installer.');
    expect(body.profiles).toEqual(['fedora-43', 'test-installer']);
  });

  it.each([
    ['an unknown role', { ...ORDER, role: 'king' }, 'role'],
    ['a host name with a space', { ...ORDER, hostname: 'node 1' }, 'hostname'],
    ['a host name that is a MAC address', { ...ORDER, hostname: '525400000001' }, 'hostname'],
    ['a disk rule with an unknown key', { ...ORDER, disk: { colour: 'red' } }, 'disk.colour'],
    ['a negative disk size', { ...ORDER, disk: { minSizeBytes: -1 } }, 'disk.minSizeBytes'],
    ['no profile', { role: 'worker' }, 'profile'],
  ])('refuses %s', async (_what, order, path) => {
    const { status, body } = await post(await discovered(), 'provision', order);
    expect({ status, path: body.errors?.[0]?.path }).toEqual({ status: 400, path });
  });

  it("refuses another server's name", async () => {
    const taken = await discovered();
    const { status, body } = await post(await discovered(), 'provision', { ...ORDER, hostname: taken });
    expect({ status, code: body.code }).toEqual({ status: 409, code: 'exists' });
  });

  it('refuses a second install while one is under way, and one by provision of an installed server', async () => {
    const name = await discovered();
    await post(name, 'provision', ORDER);
    const again = await post(name, 'provision', ORDER);
    expect(again.status).toBe(409);
    expect(again.body).toMatchObject({
      code: 'illegal-transition',
      hint: 'Wait for the install, or cancel it.',
    });
    const other = await discovered();
    await installed(other);
    expect((await post(other, 'provision', ORDER)).body.hint).toContain('Use reprovision');
  });

  it('queues exactly one install of many asked for at once', async () => {
    const name = await discovered();
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(name, 'provision', ORDER)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 409, 409, 409, 409, 409, 409, 409]);
  });

  it('reprovisions with what the last install had, erasing the disk', async () => {
    const name = await discovered();
    await installed(name);
    const { status, body } = await post(name, 'reprovision');
    expect(status).toBe(202);
    expect(body.status.install).toMatchObject({
      attempt: 2,
      profile: 'fedora-43',
      role: 'worker',
      hostname: name,
    });
    const plan = await bastion.planned(body.metadata.id, (held) => held?.install?.attempt === 2);
    expect(plan?.install?.allowErase).toBe(true);
    const { body: list } = await labd.call<InstallListDto>('GET', `/api/v1/servers/${name}/installs`);
    expect(list.items.map((item) => [item.attempt, item.state])).toEqual([
      [2, 'queued'],
      [1, 'succeeded'],
    ]);
  });

  it('hands the SSH keys of root to the bastion, and refuses what is no key', async () => {
    const name = await discovered();
    const key = `ssh-ed25519 ${'A'.repeat(68)} admin@lab`;
    const refused = await post(name, 'provision', { ...ORDER, sshKeys: [`command="id" ${key}`] });
    expect(refused.status).toBe(400);
    expect(JSON.stringify(refused.body)).toContain('sshKeys');
    const { body } = await post(name, 'provision', { ...ORDER, sshKeys: [key] });
    const first = await bastion.planned(body.metadata.id, (held) => held?.action === 'install');
    expect(first?.install?.sshKeys).toEqual([key]);
    await post(name, 'cancel');
    await post(name, 'provision', ORDER);
    const bare = await bastion.planned(body.metadata.id, (held) => held?.install?.attempt === 2);
    expect(bare?.install?.sshKeys).toEqual([]);
  });

  it('refuses to reprovision a server that never had a system', async () => {
    const { status, body } = await post(await discovered(), 'reprovision');
    expect(status).toBe(409);
    expect(body.hint).toContain('Use provision');
  });

  it('goes back to where it was when an install is cancelled before the disk was touched', async () => {
    const name = await discovered();
    await installed(name);
    await post(name, 'reprovision');
    const { body } = await post(name, 'cancel');
    expect(body.status).toMatchObject({ phase: 'installed', install: { state: 'cancelled' } });
    await bastion.planned(body.metadata.id, (held) => held?.action === 'local-disk');
    expect((await post(name, 'cancel')).status).toBe(409);
  });

  it('is failed when an install is cancelled halfway', async () => {
    const name = await discovered();
    const { body } = await post(name, 'provision', ORDER);
    await bastion.reports(
      installOf(body),
      ['boot', 'started'],
      ['pre', 'started'],
      ['partitioning', 'started'],
    );
    expect((await post(name, 'cancel')).body.status.phase).toBe('failed');
    const stages = (await labd.call<InstallDto>('GET', `/api/v1/installs/${installOf(body)}`)).body.stages;
    expect(stages?.find((stage) => stage.name === 'partitioning')).toMatchObject({ state: 'failed' });
  });

  it('forgets a server with all it had, but not while an install runs', async () => {
    const name = await discovered();
    const id = await installed(name);
    const serverId = (await server(name)).metadata.id;
    await bastion.planned(serverId, (held) => held?.action === 'local-disk');
    await post(name, 'reprovision');
    expect((await post(name, 'forget')).status).toBe(409);
    await post(name, 'cancel');
    expect((await post(name, 'forget')).body).toEqual({ metadata: { id: serverId, name } });
    expect((await labd.call('GET', `/api/v1/servers/${name}`)).status).toBe(404);
    expect((await labd.call('GET', `/api/v1/installs/${id}`)).status).toBe(404);
    await bastion.planned(serverId, (held) => held === undefined);
  });

  it('writes an audit row and a feed row with every change', async () => {
    const name = await discovered();
    await installed(name);
    await post(name, 'forget');
    const { client } = labd.database.database;
    const audit = await client.auditLog.findMany({ where: { resourceName: name }, orderBy: { at: 'asc' } });
    expect(audit.map(({ actor, action }) => `${actor} ${action}`)).toEqual([
      'bastion:site-a create',
      'user:admin provision',
      'bastion:site-a install-succeeded',
      'user:admin forget',
    ]);
    const feed = await client.feedEvent.findMany({
      where: { resourceName: name },
      orderBy: { resourceVersion: 'asc' },
    });
    expect(feed.map(({ type }) => type)).toEqual(expect.arrayContaining(['added', 'modified', 'deleted']));
    expect(feed[0]?.object).toMatchObject({ kind: 'Server', status: { phase: 'discovered' } });
  });

  it('queues many installs of one bastion at once', async () => {
    const names = await Promise.all(Array.from({ length: 24 }, discovered));
    const answers = await Promise.all(names.map((name) => post(name, 'provision', ORDER)));
    expect(answers.map(({ status }) => status)).toEqual(names.map(() => 202));
    const ids = answers.map(({ body }) => body.metadata.id);
    const plans = await Promise.all(
      ids.map((id) => bastion.planned(id, (held) => held?.action === 'install')),
    );
    expect(plans.map((plan) => plan?.install?.installId)).toEqual(answers.map(({ body }) => installOf(body)));
  });
});
