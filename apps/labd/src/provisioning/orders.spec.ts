import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LinkedBastion, aMachine } from '@lab/testing';
import type { Machine } from '@lab/protocol';
import { runningLabd, type TestLabd } from '../../test/running-labd.js';
import type { ProblemDto } from '../http/problem.dto.js';
import type { BastionDto } from '../bastions/bastion.dto.js';
import type { ForgottenDto, OrderedServerDto, ServerDto } from '../servers/server.dto.js';
import type { InstallDto, InstallListDto } from './install.dto.js';

type Body = OrderedServerDto & Partial<ProblemDto>;
const ORDER = { profile: 'fedora-43', role: 'worker' };
const PROFILE = {
  ...{ name: 'fedora-43', title: 'Fedora', os: 'fedora', version: '43', arch: 'x86_64' },
  ...{ minMemoryBytes: 2 ** 31, missing: [] as string[] },
};
const LAYOUTS = [
  { name: 'worker', title: 'A worker', minDiskBytes: 204e9 },
  { name: 'small', title: 'Small', minDiskBytes: 20e9 },
];

let labd: TestLabd;
let bastion: LinkedBastion;
let now = Date.now();
let number = 0;
beforeAll(async () => {
  labd = await runningLabd({ clock: { now: () => now } });
  bastion = await LinkedBastion.enrol(labd, 'site-a');
  bastion.clock = { now: () => now };
  bastion.offers = { profiles: [PROFILE], layouts: LAYOUTS, roles: [{ name: 'worker', layout: 'worker' }] };
  await bastion.connect();
});
afterAll(async () => {
  await bastion.disconnect();
  await labd.stop();
});

const post = (name: string, verb: string, body: unknown = {}, query = '') =>
  labd.call<Body>('POST', `/api/v1/servers/${name}/${verb}${query}`, body);
const server = async (name: string) => (await labd.call<ServerDto>('GET', `/api/v1/servers/${name}`)).body;
const idOf = (body: ServerDto): string => body.status.install?.id ?? '';

async function discovered(changes: Partial<Machine> = {}): Promise<string> {
  number += 1;
  await bastion.sees(aMachine(number, changes));
  return `srv-${number.toString(16).padStart(6, '0')}`;
}
const withDisk = (change: Partial<Machine['disks'][number]>): Partial<Machine> => ({
  disks: aMachine(number + 1).disks.map((disk) => ({ ...disk, ...change })),
});
async function installed(name: string): Promise<void> {
  const { body } = await post(name, 'provision', ORDER);
  const facts = { os: 'Fedora Linux 43' };
  await bastion.reports(idOf(body), ['pre', 'started'], ['partitioning', 'started'], ['post', 'ended']);
  await bastion.reports(idOf(body), ['first-boot', 'ended', { facts }]);
}

/** Time passes, in which the link is alive. */
async function later(seconds: number): Promise<void> {
  now += seconds * 1000;
  await labd.database.database.client.bastion.updateMany({ data: { lastSeenAt: new Date(now) } });
}

describe('an order', () => {
  it('is refused for what the bastion doesn’t have, and the names there are are told', async () => {
    const name = await discovered();
    const layout = await post(name, 'provision', { ...ORDER, layout: '../../../etc' });
    expect(layout).toMatchObject({ status: 400, body: { errors: [{ path: 'layout' }] } });
    expect(layout.body.hint).toBe('Use one of worker, small, or none: the role brings its own.');
    const role = await post(name, 'provision', { ...ORDER, role: 'infra' });
    expect(role).toMatchObject({ status: 400, body: { errors: [{ path: 'role' }] } });
    expect((await server(name)).status.phase).toBe('discovered');
  });

  it('is accepted with warnings, which stand in the answer, in the install and in the server', async () => {
    const name = await discovered(withDisk({ hasData: true, sizeBytes: 100e9 }));
    const { status, body } = await post(name, 'provision', ORDER);
    expect(status).toBe(202);
    expect(body.warnings.map(({ type, stage }) => [type, stage])).toEqual([
      ['DiskTooSmall', 'disk'],
      ['DiskHoldsData', 'disk'],
    ]);
    expect(body.warnings[1]?.hint).toContain('--erase');
    expect(body.plan).toMatchObject({
      erases: false,
      disk: { path: '/dev/vda', holds: 'data' },
      layout: 'worker',
    });
    const install = await labd.call<InstallDto>('GET', `/api/v1/installs/${idOf(body)}`);
    expect(install.body.warnings).toEqual(body.warnings);
    expect((await server(name)).status.install?.warnings).toEqual(body.warnings);
  });

  it('is refused for an install tree that lacks files, until the bastion says that they are there', async () => {
    const missing = ['images/pxeboot/vmlinuz'];
    const offered = async () =>
      (await labd.call<BastionDto>('GET', '/api/v1/bastions/site-a')).body.status.incompleteProfiles;
    const tell = async (files: string[], seen: number): Promise<void> => {
      bastion.session?.sendInventory({
        profiles: [{ ...PROFILE, missing: files }],
        layouts: LAYOUTS,
        roles: [{ name: 'worker', layout: 'worker' }],
      });
      while ((await offered()).length !== seen) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    await tell(missing, 1);
    expect(await offered()).toEqual([{ name: 'fedora-43', missing }]);
    const name = await discovered();
    for (const query of ['?dryRun=true', '']) {
      const { status, body } = await post(name, 'provision', ORDER, query);
      expect(status).toBe(400);
      expect(body).toMatchObject({
        missing,
        hint: expect.stringContaining('labctl bastion assets pull fedora-43'),
      });
    }
    expect((await server(name)).status.phase).toBe('discovered');
    await tell([], 0);
    expect((await post(name, 'provision', ORDER, '?dryRun=true')).body.warnings).toEqual([]);
  });

  it('says what a reprovision erases: the system that was put there, whatever was reported before', async () => {
    const name = await discovered();
    await installed(name);
    const { body } = await post(name, 'reprovision', {}, '?dryRun=true');
    expect(body.plan).toMatchObject({
      action: 'reprovision',
      bastion: { name: 'site-a', link: 'up' },
      disk: {
        path: '/dev/vda',
        sizeBytes: 268_435_456_000,
        holds: 'Fedora Linux 43 (fedora-43), of install 1',
      },
      erases: true,
      why: 'A reprovision erases the disk.',
    });
    // Also after a reprovision that was cancelled in time.
    await post(name, 'reprovision');
    await post(name, 'cancel');
    expect((await post(name, 'reprovision', {}, '?dryRun=true')).body.plan.erases).toBe(true);
  });

  it('warns of what the last install has left on the disk, if it may not be erased', async () => {
    const name = await discovered();
    const { body } = await post(name, 'provision', ORDER);
    await bastion.reports(
      idOf(body),
      ['pre', 'started'],
      ['partitioning', 'started'],
      ['partitioning', 'failed'],
    );
    const again = await post(name, 'provision', ORDER, '?dryRun=true');
    expect(again.body.warnings).toMatchObject([{ type: 'DiskHoldsData' }]);
    expect(again.body.plan.disk?.holds).toBe('what is left of install 1 (fedora-43, failed)');
  });

  it('tells all of this as a dry run, for every order, and changes nothing', async () => {
    const name = await discovered(withDisk({ hasData: true }));
    const before = await server(name);
    const order = { ...ORDER, hostname: 'renamed', allowErase: true };
    const dry = await post(name, 'provision', order, '?dryRun=true');
    expect(dry.status).toBe(202);
    expect(dry.body).toMatchObject({
      dryRun: true,
      metadata: { name: 'renamed' },
      status: { phase: 'provisioning' },
      plan: { action: 'provision', erases: true, disk: { serial: before.status.disks[0]?.serial } },
    });
    expect(await server(name)).toEqual(before);
    expect((await post(name, 'provision', { ...ORDER, layout: 'nope' }, '?dryRun=true')).status).toBe(400);
    expect((await post(name, 'cancel', {}, '?dryRun=true')).status).toBe(409);
    const forgotten = await labd.call<ForgottenDto>('POST', `/api/v1/servers/${name}/forget?dryRun=true`);
    expect(forgotten.body).toMatchObject({
      dryRun: true,
      plan: { action: 'forget', erases: false, disk: null },
    });
    expect(await server(name)).toEqual(before);
  });
});

describe('a cancel', () => {
  const cancelled = async (name: string) => {
    const dry = await post(name, 'cancel', {}, '?dryRun=true');
    const { body } = await post(name, 'cancel');
    expect(dry.body.status.phase).toBe(body.status.phase);
    expect(dry.body.plan).toEqual(body.plan);
    return body;
  };
  async function reprovisioned(): Promise<{ name: string; id: string }> {
    const name = await discovered();
    await installed(name);
    const { body } = await post(name, 'reprovision');
    return { name, id: idOf(body) };
  }

  it.each([
    ['the boot script was served', [['boot', 'started']]],
    [
      'the kickstart was fetched',
      [
        ['boot', 'started'],
        ['kickstart', 'started'],
      ],
    ],
    [
      '%pre runs',
      [
        ['boot', 'started'],
        ['kickstart', 'started'],
        ['pre', 'started'],
        ['disk', 'ended'],
      ],
    ],
  ] as const)('leads back to installed and the disk, as long as only %s', async (_what, steps) => {
    const { name, id } = await reprovisioned();
    await bastion.reports(id, ...steps.map(([stage, event]): [typeof stage, typeof event] => [stage, event]));
    const body = await cancelled(name);
    expect(body.status).toMatchObject({ phase: 'installed', install: { state: 'cancelled' } });
    expect(body.plan.why).toBe(
      'The disk is untouched: the server is installed again, and boots from its disk.',
    );
    await bastion.planned(body.metadata.id, (held) => held?.action === 'local-disk');
  });

  it.each([
    ['partitioning has begun', [['partitioning', 'started']]],
    ['packages are reported, and what was before was lost', [['packages', 'started']]],
    [
      'partitioning had begun, and the machine has started again',
      [
        ['partitioning', 'started'],
        ['boot', 'started'],
      ],
    ],
  ] as const)('leads to failed once %s', async (_what, steps) => {
    const { name, id } = await reprovisioned();
    await bastion.reports(id, ['boot', 'started'], ['pre', 'started']);
    await bastion.reports(id, ...steps.map(([stage, event]): [typeof stage, typeof event] => [stage, event]));
    const body = await cancelled(name);
    expect(body.status).toMatchObject({ phase: 'failed', install: { state: 'cancelled' } });
    expect(body.plan.why).toMatch(/^The disk was touched at 20/);
  });

  it('leads to failed when the kickstart was fetched and the machine was not heard of since', async () => {
    const { name, id } = await reprovisioned();
    await bastion.reports(id, ['boot', 'started'], ['kickstart', 'started']);
    await later(90);
    const body = await cancelled(name);
    expect(body.status.phase).toBe('failed');
    expect(body.plan.why).toContain('may be touched');
  });

  it('takes a machine that starts again after a silence for one that may have gone on', async () => {
    const { name, id } = await reprovisioned();
    await bastion.reports(id, ['boot', 'started'], ['kickstart', 'started'], ['pre', 'started']);
    await later(90);
    await bastion.reports(id, ['boot', 'started']);
    expect((await cancelled(name)).status.phase).toBe('failed');
  });

  it('is taken back when the machine had gone on all the same', async () => {
    const { name, id } = await reprovisioned();
    await bastion.reports(id, ['boot', 'started'], ['kickstart', 'started'], ['pre', 'started']);
    expect((await cancelled(name)).status.phase).toBe('installed');
    await bastion.reports(id, ['partitioning', 'started']);
    const { metadata, status } = await server(name);
    expect(status).toMatchObject({ phase: 'failed', install: { state: 'cancelled' } });
    await bastion.planned(metadata.id, (held) => held?.action === 'discover');
    const audit = await labd.database.database.client.auditLog.findMany({
      where: { resourceName: name, action: 'disk-touched' },
    });
    expect(audit).toMatchObject([{ actor: 'bastion:site-a', after: { phase: 'failed' } }]);
    // Told again, or of an install before the newest: nothing more happens.
    await bastion.reports(id, ['partitioning', 'started'], ['packages', 'started']);
    expect((await server(name)).metadata.version).toBe(metadata.version);
  });

  it('of an install that was never served leaves a late report of another one alone', async () => {
    const { name, id } = await reprovisioned();
    await post(name, 'cancel');
    const { body } = await post(name, 'reprovision');
    await bastion.reports(id, ['partitioning', 'started']);
    expect((await server(name)).status).toMatchObject({ phase: 'provisioning', install: { id: idOf(body) } });
  });
});

describe('conditions', () => {
  const named = async (path: string): Promise<string[]> => {
    const { body } = await labd.call<{ items: { metadata: { name: string } }[] }>('GET', path);
    return body.items.map(({ metadata }) => metadata.name);
  };

  it('find servers and installs, one or any of several, in any case', async () => {
    const name = await discovered();
    await post(name, 'provision', { ...ORDER, disk: { serial: 'TYPO' } });
    const other = await discovered();
    for (const query of ['DiskMismatch', 'diskmismatch', 'Stuck,DiskMismatch']) {
      expect(await named(`/api/v1/servers?condition=${query}`)).toEqual([name]);
      expect(await named(`/api/v1/installs?condition=${query}`)).toEqual([`${name}-1`]);
    }
    expect(await named('/api/v1/servers?condition=Stuck')).toEqual([]);
    expect(await named('/api/v1/servers?condition=DiskMismatch&status=discovered')).toEqual([]);
    expect(await named('/api/v1/servers')).toContain(other);
    const list = await labd.call<InstallListDto>('GET', '/api/v1/installs?condition=DiskMismatch');
    expect(list.body.items[0]?.conditions).toMatchObject([{ type: 'DiskMismatch' }]);
    await post(name, 'cancel');
    expect(await named('/api/v1/installs?condition=DiskMismatch')).toEqual([]);
  });

  it('that there are none of are refused, with the names there are', async () => {
    const { status, body } = await labd.call('GET', "/api/v1/servers?condition=Stuck,x')--");
    expect(status).toBe(400);
    expect(body).toMatchObject({ errors: [{ path: 'condition' }], hint: expect.stringContaining('Stuck') });
  });

  it('cost no statement more', async () => {
    const count = async (path: string): Promise<number> =>
      (await labd.database.statements.fewest(() => labd.call('GET', path))).length;
    expect(await count('/api/v1/servers?condition=Stuck,LinkLost,DiskMismatch')).toBe(
      await count('/api/v1/servers'),
    );
  });
});
