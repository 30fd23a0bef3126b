import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LinkedBastion, aMachine } from '@lab/testing';
import { runningLabd, type TestLabd } from '../../test/running-labd.js';
import type { InstallDto } from '../provisioning/install.dto.js';
import type { ServerDto } from '../servers/server.dto.js';
import { Watchdog } from './watchdog.service.js';

let labd: TestLabd;
let bastion: LinkedBastion;
let now = Date.now();
let number = 0;
let name: string;
let installId: string;
beforeAll(async () => {
  labd = await runningLabd({ clock: { now: () => now } });
  bastion = await LinkedBastion.enrol(labd, 'site-a');
  bastion.clock = { now: () => now };
  await bastion.connect();
});
afterAll(async () => {
  await bastion.disconnect();
  await labd.stop();
});
beforeEach(async () => {
  number += 1;
  await bastion.sees(aMachine(number));
  name = `srv-${number.toString(16).padStart(6, '0')}`;
  const order = { profile: 'fedora-43', role: 'worker' };
  const { body } = await labd.call<ServerDto>('POST', `/api/v1/servers/${name}/provision`, order);
  installId = body.status.install?.id ?? '';
});

/** Time passes, in which the link is alive, and the watchdog looks. */
async function after(seconds: number, { linked = true } = {}): Promise<ServerDto['status']['conditions']> {
  now += seconds * 1000;
  const { client } = labd.database.database;
  if (linked) await client.bastion.updateMany({ data: { lastSeenAt: new Date(now) } });
  await labd.app.get(Watchdog, { strict: false }).look();
  return conditions();
}
const server = async (): Promise<ServerDto> =>
  (await labd.call<ServerDto>('GET', `/api/v1/servers/${name}`)).body;
const conditions = async () => (await server()).status.conditions;
async function heard(): Promise<void> {
  const before = await lastHeard();
  bastion.session?.sendHeard({ installs: [{ installId, agoMs: 0 }] });
  while ((await lastHeard())?.getTime() === before?.getTime())
    await new Promise((resolve) => setTimeout(resolve, 10));
}
const lastHeard = async (): Promise<Date | null> =>
  (await labd.database.database.client.install.findUniqueOrThrow({ where: { id: installId } })).lastHeardAt;

describe('the watchdog', () => {
  it('says who was silent and since when, and takes it back when the machine is heard of', async () => {
    await bastion.reports(installId, ['boot', 'started'], ['pre', 'started'], ['hardware', 'started']);
    now += 1000;
    await heard();
    expect(await after(55)).toEqual([]);
    const since = new Date(now - 55_000).toISOString();
    const version = (await server()).metadata.version;
    expect(await after(10)).toEqual([
      {
        type: 'Stuck',
        status: 'True',
        since,
        reason: 'Silent',
        message: expect.stringMatching(
          /^Nothing was heard of the machine since .*"Hardware check".*expected to take 3s/,
        ),
      },
    ]);
    await after(1);
    expect((await server()).metadata.version).toBe(version + 1);
    now += 1000;
    await heard();
    await bastion.reports(installId, ['hardware', 'ended'], ['disk', 'started']);
    expect(await after(1)).toEqual([]);
  });

  it('says it where lists are asked, of the server and of its install, alone and with other filters', async () => {
    const named = async (plural: string, query: string): Promise<string[]> => {
      const { body } = await labd.call<{
        items: { metadata?: { name: string }; server?: { name: string } }[];
      }>('GET', `/api/v1/${plural}?${query}`);
      return body.items.map(({ metadata, server: of }) => of?.name ?? metadata?.name ?? '');
    };
    await bastion.reports(installId, ['boot', 'started'], ['pre', 'started'], ['hardware', 'started']);
    await after(100);
    for (const [query, found] of [
      ['condition=Stuck', true],
      ['condition=stuck,LinkLost&status=provisioning&role=worker&bastion=site-a', true],
      ['condition=Stuck&status=installed', false],
      ['condition=Stuck&role=control-plane', false],
      ['condition=LinkLost', false],
    ] as const) {
      expect([query, (await named('servers', query)).includes(name)]).toEqual([query, found]);
    }
    for (const [query, found] of [
      ['condition=Stuck', true],
      ['condition=Stuck&state=installing&profile=fedora-43', true],
      ['condition=Stuck&state=succeeded', false],
    ] as const) {
      expect([query, (await named('installs', query)).includes(name)]).toEqual([query, found]);
    }
    await labd.call('POST', `/api/v1/servers/${name}/cancel`);
    for (const plural of ['servers', 'installs']) {
      expect(await named(plural, 'condition=Stuck')).not.toContain(name);
    }
  });

  it('says which stage takes too long, and how long it took in the past', async () => {
    await bastion.reports(
      installId,
      ['boot', 'started'],
      ['pre', 'started'],
      ['post', 'ended'],
      ['first-boot', 'ended'],
    );
    await labd.database.database.client
      .$executeRaw`UPDATE install_stages SET started_at = ended_at - INTERVAL '42 seconds' WHERE install_id = ${installId}::UUID AND name = 'boot'`;
    const { body } = await labd.call<ServerDto>('POST', `/api/v1/servers/${name}/reprovision`, {});
    installId = body.status.install?.id ?? '';
    await bastion.reports(installId, ['boot', 'started']);
    const { body: install } = await labd.call<InstallDto>('GET', `/api/v1/installs/${installId}`);
    expect(install.awaited).toEqual({
      from: 'the installer on the machine',
      what: 'to fetch its kickstart',
      stage: 'boot',
      since: new Date(now).toISOString(),
      until: new Date(now + 300_000).toISOString(),
    });
    expect(install.stages?.map(({ usualSeconds }) => usualSeconds).slice(0, 2)).toEqual([42, 60]);
    expect(await after(299)).toEqual([]);
    expect(await after(10)).toMatchObject([
      {
        reason: 'StageOverdue',
        message: expect.stringMatching(
          /usually takes 42s \(median of 1 install\)\. Awaited: the installer on the machine, to fetch/,
        ),
      },
    ]);
  });

  it('says that a link is down instead of what it can not know, and forgets all that when the install ends', async () => {
    await bastion.reports(installId, ['boot', 'started'], ['pre', 'started']);
    expect(await after(100, { linked: false })).toMatchObject([
      { type: 'LinkLost', reason: 'BastionDisconnected' },
    ]);
    await labd.call('POST', `/api/v1/servers/${name}/cancel`);
    expect(await conditions()).toEqual([]);
    expect(await after(100)).toEqual([]);
  });

  it('states the cause of a failure, and again when lines that came later say more', async () => {
    const failure = {
      ...{ section: '%post', stage: 'packages' as const, line: 3, command: 'dnf install x', exitCode: 1 },
      lastLines: ['it did not work'],
    };
    const message = '"dnf install x" ended with exit code 1';
    await bastion.reports(
      installId,
      ['boot', 'started'],
      ['pre', 'started'],
      ['packages', 'failed', { failure, message }],
    );
    const cause = async () => (await server()).status.install?.failure?.diagnosis;
    expect(await cause()).toMatchObject({ rule: null, certainty: 'unknown', cause: message });
    await after(3);
    await bastion.writes(installId, 1, 'Installing', 'No match for argument: nope', 'bye');
    await after(3);
    expect(await cause()).toMatchObject({
      rule: 'package-missing',
      certainty: 'likely',
      runbook: 'docs/runbooks/failed-installs.md#package-missing',
      evidence: [{ number: 2, source: 'pre', text: 'No match for argument: nope' }, { number: 3 }],
    });
    const { metadata } = await server();
    await after(3);
    expect((await server()).metadata.version).toBe(metadata.version);
  });
});
