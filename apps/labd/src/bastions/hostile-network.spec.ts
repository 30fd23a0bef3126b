import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LinkedBastion, aMachine } from '@lab/testing';
import type { BastionStatus } from '@lab/protocol';
import { runningLabd, type TestLabd } from '../../test/running-labd.js';
import type { AuditEntryDto } from '../audit/audit.dto.js';
import { Housekeeper } from '../housekeeping/housekeeper.js';
import type { ListOf } from '../resources/resource-api.js';
import type { ServerDto } from '../servers/server.dto.js';
import type { BastionDto } from './bastion.dto.js';

const MOST = 10;

describe('What labd learns from a network that is not a friend', () => {
  let labd: TestLabd;
  let now = Date.now();
  let number = 0;
  beforeAll(async () => {
    labd = await runningLabd({ clock: { now: () => now }, settings: { maxUnconfirmed: MOST } });
  });
  afterAll(() => labd.stop());

  const bastionNamed = async (name: string): Promise<LinkedBastion> => {
    const bastion = await LinkedBastion.enrol(labd, name);
    bastion.clock = { now: () => now };
    await bastion.connect();
    return bastion;
  };
  /** The next machine, seen a second after the one before it. */
  const nextMachine = () => {
    number += 1;
    now += 1_000;
    return aMachine(number, { seenAt: new Date(now).toISOString() });
  };
  const nameOf = (index: number): string => `srv-${index.toString(16).padStart(6, '0')}`;
  const namesOf = async (bastion: string): Promise<string[]> =>
    (
      await labd.call<ListOf<ServerDto>>('GET', `/api/v1/servers?bastion=${bastion}&limit=500`)
    ).body.items.map(({ metadata }) => metadata.name);
  const bastionShown = async (name: string): Promise<BastionDto> =>
    (await labd.call<BastionDto>('GET', `/api/v1/bastions/${name}`)).body;
  const server = async (name: string): Promise<ServerDto> =>
    (await labd.call<ServerDto>('GET', `/api/v1/servers/${name}`)).body;
  /** Not of the watchdog, whose clock we turn. */
  const contestedOf = async (name: string) =>
    (await server(name)).status.conditions.filter(({ type }) => type === 'InstallContested');
  const audited = async (action: string): Promise<AuditEntryDto[]> =>
    (await labd.call<ListOf<AuditEntryDto>>('GET', '/api/v1/audit?limit=500')).body.items.filter(
      (entry) => entry.action === action,
    );
  /** Asks until it is so. */
  async function until<T>(ask: () => Promise<T>, isSo: (answer: T) => boolean): Promise<T> {
    for (;;) {
      const answer = await ask();
      if (isSo(answer)) return answer;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  it('is bounded: those that nobody confirmed and that were heard of longest ago go, and it is said', async () => {
    const bastion = await bastionNamed('site-flooded');
    const first = number + 1;
    const firsts = Array.from({ length: 5 }, () => nextMachine());
    await bastion.sees(...firsts);
    // A person labels one and orders another.
    await labd.call('PATCH', `/api/v1/servers/${nameOf(first)}`, { metadata: { labels: { rack: 'a1' } } });
    const order = { profile: 'test-installer', role: 'worker', hostname: 'ordered' };
    expect(
      (await labd.call('POST', `/api/v1/servers/${nameOf(first + 1)}/provision`, order)).status,
    ).toBeLessThan(300);
    // One that waits in discovery is heard of again and again.
    const alive = firsts[2];
    for (let batch = 0; batch < 4; batch += 1) {
      await bastion.sees(...Array.from({ length: 10 }, () => nextMachine()));
      if (alive !== undefined)
        await bastion.sees({
          ...alive,
          seenAt: new Date((now = Math.max(now, Date.now()) + 1_000)).toISOString(),
        });
    }
    const names = await until(
      () => namesOf('site-flooded'),
      (all) => all.length <= MOST + 2,
    );
    expect(names).toHaveLength(MOST + 2);
    expect(names).toEqual(
      expect.arrayContaining([nameOf(first), 'ordered', nameOf(first + 2), nameOf(number)]),
    );
    expect(names).not.toContain(nameOf(first + 3));
    expect((await bastionShown('site-flooded')).status.conditions).toMatchObject([
      { type: 'UnconfirmedServersDropped', status: 'True', reason: 'TooManyUnconfirmed' },
    ]);
    expect((await audited('drop-unconfirmed')).map(({ resourceName }) => resourceName)).toContain(
      nameOf(first + 3),
    );
    // The plan of the bastion says what labd has dropped, and who stands behind the rest.
    await until(
      () => Promise.resolve([...bastion.held.values()]),
      (held) => held.length === MOST + 2,
    );
    const confirmed = [...bastion.held.values()].filter((plan) => plan.confirmed).map(({ name }) => name);
    expect(confirmed.sort()).toEqual(['ordered', nameOf(first)].sort());
    // Once a person has seen to it, the condition is taken back.
    for (const name of names.slice(0, 9)) await labd.call('DELETE', `/api/v1/servers/${name}`);
    await labd.app.get(Housekeeper, { strict: false }).tidy();
    expect((await bastionShown('site-flooded')).status.conditions).toEqual([]);
    await bastion.disconnect();
  });

  it('states no conflict with what was dropped', async () => {
    const bastion = await bastionNamed('site-conflicting');
    const made = nextMachine();
    const real = { ...made, uuid: '03020100-0504-0706-0809-0a0b0c0d0e0f' };
    const name = nameOf(number);
    await bastion.sees({ ...nextMachine(), uuid: real.uuid });
    await bastion.sees(real);
    const conditions = async () => (await server(name)).status.conditions;
    expect(await conditions()).toMatchObject([{ type: 'IdentityConflict', reason: 'SharedUuid' }]);
    const version = (await server(name)).metadata.version;
    await labd.call('PATCH', `/api/v1/servers/${name}`, { metadata: { labels: { rack: 'a2' } } });
    await bastion.sees(...Array.from({ length: MOST }, () => nextMachine()));
    await until(conditions, (stated) => stated.length === 0);
    expect((await server(name)).metadata.version).toBeGreaterThan(version);
    await bastion.disconnect();
  });

  it('is shown: what a bastion says of itself, and who tried to get at an install', async () => {
    const bastion = await bastionNamed('site-contested');
    const machine = nextMachine();
    await bastion.sees(machine);
    const name = nameOf(number);
    const order = { profile: 'test-installer', role: 'worker' };
    await labd.call('POST', `/api/v1/servers/${name}/provision`, order);
    const installId = (await server(name)).status.install?.id ?? '';
    const since = new Date(now).toISOString();
    const status = (times: string): BastionStatus => ({
      conditions: [
        { type: 'DiscoveryFlooded', since, reason: 'TooManyNewMachines', message: `flooded ${times}` },
      ],
      contested: [
        { installId, since, message: `10.0.0.66 asked for its boot script ${times}: refused.` },
        { installId: '00000000-0000-4000-8000-000000000000', since, message: 'an install that nobody knows' },
      ],
    });
    bastion.session?.sendStatus(status('once'));
    const contested = await until(
      () => contestedOf(name),
      (conditions) => conditions.length > 0,
    );
    const condition = { type: 'InstallContested', status: 'True', reason: 'SecondAddress', since };
    expect(contested).toMatchObject([condition]);
    expect((await bastionShown('site-contested')).status.conditions).toMatchObject([
      { type: 'DiscoveryFlooded', message: 'flooded once' },
    ]);
    now += 60_000;
    bastion.session?.sendStatus(status('a few times'));
    await until(
      () => contestedOf(name),
      ([shown]) => shown?.message.includes('a few times') === true,
    );
    expect(await contestedOf(name)).toMatchObject([condition]);
    expect(
      (await audited('refuse-second-address')).map(
        ({ resourceName, actor }) => `${actor} ${resourceName ?? ''}`,
      ),
    ).toEqual([`bastion:site-contested ${name}`]);
    // What no database stores is shown all the same.
    const odd = {
      type: 'DiscoveryFlooded',
      since,
      reason: 'TooManyNewMachines',
      message: 'odd \u0000 \ud800',
    };
    bastion.session?.sendStatus({ conditions: [odd], contested: [] });
    await until(
      () => bastionShown('site-contested'),
      ({ status: { conditions } }) => conditions[0]?.message === 'odd \ufffd \ufffd',
    );
    // Another bastion has no say in it.
    const other = await bastionNamed('site-other');
    other.session?.sendStatus({ conditions: [], contested: [{ installId, since, message: 'mine' }] });
    bastion.session?.sendStatus({ conditions: [], contested: [] });
    await until(
      () => bastionShown('site-contested'),
      ({ status: { conditions } }) => conditions.length === 0,
    );
    await other.reports(installId, ['boot', 'started']);
    expect(await contestedOf(name)).toMatchObject([condition]);
    // It stands after the end of the install, until the next order.
    await labd.call('POST', `/api/v1/servers/${name}/cancel`);
    expect(await contestedOf(name)).toMatchObject([condition]);
    await labd.call('POST', `/api/v1/servers/${name}/provision`, order);
    expect(await contestedOf(name)).toEqual([]);
    await Promise.all([bastion.disconnect(), other.disconnect()]);
  });
});
