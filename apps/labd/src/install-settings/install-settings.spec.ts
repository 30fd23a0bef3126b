import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LinkedBastion, TEST_CA, TEST_HOST_CERTIFICATE, aMachine } from '@lab/testing';
import { runningLabd, type TestLabd } from '../../test/running-labd.js';
import type { ProblemDto } from '../http/problem.dto.js';
import type { ServerDto } from '../servers/server.dto.js';
import type { InstallSettingsDto } from './install-settings.dto.js';

const key = (of: string): string => `ssh-ed25519 ${'A'.repeat(68)} ${of}`;
const PATH = '/api/v1/installsettings';
const ORDER = { profile: 'fedora-43', role: 'worker' };

let labd: TestLabd;
let bastion: LinkedBastion;
beforeAll(async () => {
  labd = await runningLabd();
  bastion = await LinkedBastion.enrol(labd, 'site-a');
  await bastion.connect();
});
afterAll(async () => {
  await bastion.disconnect();
  await labd.stop();
});

const create = (name: string, spec: object) =>
  labd.call<InstallSettingsDto & ProblemDto>('POST', PATH, { metadata: { name }, spec });

describe('install settings', () => {
  it('keep users, keys and certificates, and are put back as they were shown', async () => {
    const spec = {
      environment: 'shown',
      sshKeys: [key('root')],
      users: [{ name: 'ops', groups: ['wheel'], sshKeys: [key('ops')] }],
      caCertificates: [`\n# ours\n${TEST_CA}`],
    };
    const { status, body } = await create('shown', spec);
    expect({ status, body }).toMatchObject({
      status: 201,
      body: {
        spec: {
          ...spec,
          users: [{ ...spec.users[0], sudo: false }],
          caCertificates: [TEST_CA],
          cloud: 'default',
        },
        status: {
          users: 1,
          rootKeys: 1,
          certificates: [{ subject: 'CN=Lab test CA' }],
          certificatesEndAt: expect.stringMatching(/^2126-/),
        },
      },
    });
    const again = await labd.call<InstallSettingsDto>('PUT', `${PATH}/shown`, body);
    expect(again).toMatchObject({ status: 200, body: { metadata: { version: 1 } } });
  });

  it('are one for a cloud and environment', async () => {
    await create('first', { environment: 'one' });
    const second = await create('second', { environment: 'one' });
    expect(second).toMatchObject({
      status: 409,
      body: { code: 'exists', hint: expect.stringContaining('first') },
    });
    expect((await create('second', { environment: 'two' })).status).toBe(201);
    const moved = await labd.call('PATCH', `${PATH}/second`, { spec: { environment: 'one' } });
    expect(moved).toMatchObject({ status: 409 });
  });

  it.each([
    ['spec.users.0.name', { users: [{ name: 'root' }] }],
    ['spec.users.0.name', { users: [{ name: 'x; reboot' }] }],
    ['spec.users.0.groups', { users: [{ name: 'ops', groups: ['$(reboot)'] }] }],
    ['spec.users.1.name', { users: [{ name: 'ops' }, { name: 'ops' }] }],
    ['spec.sshKeys', { sshKeys: ['ssh-ed25519 nonsense'] }],
    ['spec.caCertificates.0', { caCertificates: ['hello'] }],
    ['spec.caCertificates.0', { caCertificates: [TEST_CA + TEST_CA] }],
    ['spec.caCertificates.0', { caCertificates: [TEST_HOST_CERTIFICATE] }],
    ['spec.caCertificates.0', { caCertificates: [`${TEST_CA}-----BEGIN PRIVATE KEY-----\nx`] }],
    ['spec', { sshKeys: Array.from({ length: 30 }, (_, n) => `ssh-rsa ${'A'.repeat(3000)} k${n}`) }],
  ])('are refused for %s', async (path, spec) => {
    const { status, body } = await create('refused', { environment: 'refused', ...spec });
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'invalid' });
    expect(body.errors?.map((error) => error.path)).toContain(path);
  });
});

describe('an install', () => {
  /** A discovered machine, with what its record says of its NICs. */
  async function machine(number: number, settings: object): Promise<ServerDto> {
    await bastion.sees(aMachine(number));
    const name = `srv-${number.toString(16).padStart(6, '0')}`;
    const { body } = await labd.call<ServerDto>('GET', `/api/v1/servers/${name}`);
    const patched = await labd.call<ServerDto>('PATCH', `/api/v1/servers/${name}`, {
      spec: { nics: [{ mac: body.status.mac, name: 'ens3', ...settings }] },
    });
    expect(patched.status).toBe(200);
    return patched.body;
  }

  it('gets the settings of its environment and the network settings of its record', async () => {
    await labd.call('POST', '/api/v1/networks', {
      metadata: { name: 'lab' },
      spec: { cidr: '10.7.0.0/16', gateway: '10.7.0.1' },
    });
    await create('default', {
      sshKeys: [key('everybody')],
      users: [{ name: 'ops', sudo: true }],
      caCertificates: [TEST_CA],
    });
    const declared = { network: 'lab', address: '10.7.0.5', nameservers: ['10.7.0.1'], vlan: 20 };
    const server = await machine(1, declared);
    expect(server.spec.nics).toMatchObject([declared]);
    const order = { ...ORDER, sshKeys: [key('me')] };
    const { status, body } = await labd.call<ServerDto>(
      'POST',
      `/api/v1/servers/${server.metadata.name}/provision`,
      order,
    );
    expect(status).toBe(202);
    const plan = await bastion.planned(body.metadata.id, (held) => held?.action === 'install');
    expect(plan?.install).toMatchObject({
      sshKeys: [key('me'), key('everybody')],
      users: [{ name: 'ops', groups: [], sshKeys: [], sudo: true }],
      caCertificates: [TEST_CA],
      interfaces: [
        {
          ports: [server.status.mac],
          bond: null,
          vlan: 20,
          method: 'static',
          address: '10.7.0.5/16',
          gateway: '10.7.0.1',
          nameservers: ['10.7.0.1'],
        },
      ],
    });
  });

  it('keeps what was said of a NIC when its machine reports again', async () => {
    const server = await machine(2, { address: '10.9.0.5/24' });
    await bastion.sees({ ...aMachine(2), memoryBytes: 1 });
    const { body } = await labd.call<ServerDto>('GET', `/api/v1/servers/${server.metadata.name}`);
    expect(body.spec.nics).toMatchObject([{ address: '10.9.0.5/24' }]);
    const undone = await labd.call<ServerDto>('PATCH', `/api/v1/servers/${server.metadata.name}`, {
      spec: { nics: [] },
    });
    expect(undone.body.spec.nics).toEqual([]);
  });

  it('is refused with the field when the NICs can make no interfaces', async () => {
    const server = await machine(3, {});
    const wrong = await labd.call<ProblemDto>('PATCH', `/api/v1/servers/${server.metadata.name}`, {
      spec: { nics: [{ mac: server.status.mac, method: 'static' }] },
    });
    expect(wrong).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'spec.nics.0.address', message: 'is needed with the method static' }] },
    });
  });

  it('reaches the bastion though the plans of many are more than a frame holds', async () => {
    await labd.call('PATCH', `${PATH}/default`, {
      spec: { sshKeys: Array.from({ length: 20 }, (_, n) => `ssh-rsa ${'A'.repeat(2500)} k${n}`) },
    });
    await bastion.disconnect();
    const numbers = Array.from({ length: 30 }, (_, n) => 100 + n);
    await bastion.connect();
    await bastion.sees(...numbers.map((number) => aMachine(number)));
    await bastion.disconnect();
    const ids: string[] = [];
    for (const number of numbers) {
      const name = `srv-${number.toString(16).padStart(6, '0')}`;
      const { status, body } = await labd.call<ServerDto>('POST', `/api/v1/servers/${name}/provision`, ORDER);
      expect(status).toBe(202);
      ids.push(body.metadata.id);
    }
    await bastion.connect();
    for (const id of ids) await bastion.planned(id, (held) => (held?.install?.sshKeys.length ?? 0) === 20);
  });
});
