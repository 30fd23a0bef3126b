import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BootOrderReport } from '@lab/domain';
import type { SystemFacts } from '@lab/protocol';
import { LinkedBastion, aMachine } from '@lab/testing';
import { runningLabd, type TestLabd } from '../../test/running-labd.js';
import type { ProblemDto } from '../http/problem.dto.js';
import type { OrderedServerDto, ServerDto } from '../servers/server.dto.js';

type Body = OrderedServerDto & Partial<ProblemDto>;
const PROFILE = {
  ...{ name: 'fedora-43', title: 'Fedora', os: 'fedora', version: '43', arch: 'x86_64' },
  bootOrder: 'network-first' as const,
};
const network = { number: '0003', label: 'PXE', kind: 'network' } as const;
const disk = { number: '0005', label: 'Fedora', kind: 'disk' } as const;

describe('the boot order of a server', () => {
  let labd: TestLabd;
  let bastion: LinkedBastion;
  let number = 700;
  beforeAll(async () => {
    labd = await runningLabd();
    bastion = await LinkedBastion.enrol(labd, 'site-a');
    bastion.offers = {
      profiles: [PROFILE],
      layouts: [{ name: 'small', title: 'Small', minDiskBytes: 20e9 }],
      roles: [{ name: 'worker', layout: 'small' }],
    };
    await bastion.connect();
  });
  afterAll(async () => {
    await bastion.disconnect();
    await labd.stop();
  });

  const server = async (name: string) => (await labd.call<ServerDto>('GET', `/api/v1/servers/${name}`)).body;
  async function discovered(): Promise<string> {
    number += 1;
    await bastion.sees(aMachine(number));
    return `srv-${number.toString(16).padStart(6, '0')}`;
  }
  async function asks(name: string, bootOrder: unknown): Promise<number> {
    const before = await server(name);
    const body = { ...before, spec: { ...before.spec, bootOrder } };
    return (await labd.call('PUT', `/api/v1/servers/${name}`, body)).status;
  }
  async function installed(name: string, bootOrder: unknown, verb = 'provision'): Promise<ServerDto> {
    const order = verb === 'provision' ? { profile: 'fedora-43', role: 'worker' } : {};
    const { status, body } = await labd.call<Body>('POST', `/api/v1/servers/${name}/${verb}`, order);
    expect(status).toBe(202);
    const id = body.status.install?.id ?? '';
    const facts = { os: 'Fedora Linux 43', bootOrder } as SystemFacts;
    await bastion.reports(id, ['pre', 'started'], ['post', 'ended'], ['first-boot', 'ended', { facts }]);
    return server(name);
  }
  const report = (over: Partial<BootOrderReport> = {}): BootOrderReport => ({
    ...{ asked: 'network-first', outcome: 'set', wanted: ['0003', '0005'] },
    ...{ before: [disk], after: [network, disk], ...over },
  });

  it('is a field of its record: refused if it is none, and told to the bastion with the install', async () => {
    const name = await discovered();
    expect((await server(name)).spec.bootOrder).toBeNull();
    expect(await asks(name, 'floppy-first')).toBe(400);
    expect(await asks(name, 'disk-first')).toBe(200);
    const { body } = await labd.call<Body>('POST', `/api/v1/servers/${name}/provision`, {
      profile: 'fedora-43',
      role: 'worker',
    });
    const plan = await bastion.planned(body.metadata.id, (held) => held?.install != null);
    expect(plan?.install?.bootOrder).toBe('disk-first');
    // What was ordered stays ordered.
    expect(await asks(name, null)).toBe(200);
    expect((await server(name)).spec.bootOrder).toBeNull();
  });

  it('is what the first boot tells of it, before and after; a firmware that ignores it is a condition until one doesn’t', async () => {
    const name = await discovered();
    const ignored = await installed(name, report({ after: [disk, network] }));
    expect(ignored.status.bootOrder).toEqual({
      ...{ asked: 'network-first', outcome: 'set', kept: false },
      ...{ before: [disk], after: [disk, network] },
    });
    expect(ignored.status.conditions).toMatchObject([
      {
        type: 'BootOrderIgnored',
        status: 'True',
        reason: 'FirmwareIgnored',
        message: expect.stringContaining('without asking its bastion'),
      },
    ]);
    const list = await labd.call<{ items: ServerDto[] }>('GET', '/api/v1/servers?condition=BootOrderIgnored');
    expect(list.body.items.map(({ metadata }) => metadata.name)).toEqual([name]);
    const kept = await installed(name, report(), 'reprovision');
    expect(kept.status.bootOrder).toMatchObject({ kept: true, after: [network, disk] });
    expect(kept.status.conditions).toEqual([]);
  });

  it('that a bastion doesn’t tell, or tells in words that are not known here, costs no first boot', async () => {
    const name = await discovered();
    expect((await installed(name, undefined)).status).toMatchObject({ phase: 'installed', bootOrder: null });
    const strange = await installed(
      name,
      { asked: 'tape-first', outcome: 'maybe', wanted: 7 },
      'reprovision',
    );
    expect(strange.status).toMatchObject({ phase: 'installed', bootOrder: null, conditions: [] });
  });

  it('of a BIOS is none, and no condition', async () => {
    const { status } = await installed(
      await discovered(),
      report({ outcome: 'bios', wanted: [], before: null, after: null }),
    );
    expect(status).toMatchObject({
      phase: 'installed',
      conditions: [],
      bootOrder: { outcome: 'bios', kept: null, after: null },
    });
  });
});
