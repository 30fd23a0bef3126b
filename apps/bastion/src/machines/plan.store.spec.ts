import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { installPlan, macOf, serverPlan, temporaryFolder } from '../../test/bastion-fixture.js';
import { isGivenUp } from './plan-level.js';
import { PlanStore } from './plan.store.js';

const MAC = '52:54:00:00:00:01';

describe('The plans of a bastion', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let stores: PlanStore[];
  const open = async (): Promise<PlanStore> => {
    const store = await PlanStore.open(folder.path);
    stores.push(store);
    return store;
  };
  beforeEach(async () => {
    folder = await temporaryFolder();
    stores = [];
  });
  afterEach(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await folder[Symbol.asyncDispose]();
  });

  it('find a server by each of its MAC addresses, and by nothing else', async () => {
    const store = await open();
    const uuid = '10000000-0000-8000-0040-000000000000';
    const server = serverPlan(MAC, { macs: [macOf(MAC), macOf('52:54:00:00:00:02')], uuid });
    await store.take({ generation: 1, full: true, servers: [server], removed: [] });
    expect(store.find(macOf(MAC))).toEqual(server);
    expect(store.find(macOf('52:54:00:00:00:02'))).toEqual(server);
    expect(store.find(macOf('52:54:00:00:00:99'))).toBeUndefined();
  });

  it('find none by a MAC address that two of them claim', async () => {
    const store = await open();
    const [shared, own] = [macOf('52:54:00:00:00:03'), macOf('52:54:00:00:00:02')];
    const one = serverPlan(MAC, { macs: [macOf(MAC), shared] });
    const two = serverPlan(own, { macs: [own, shared] });
    await store.take({ generation: 1, full: true, servers: [one, two], removed: [] });
    expect(store.find(shared)).toBeUndefined();
    expect(store.find(own)).toEqual(two);
    await store.take({ generation: 2, full: false, servers: [], removed: [two.serverId] });
    expect(store.find(shared)).toEqual(one);
  });

  it('are there again after a restart, as the sum of full plan, changes and removals', async () => {
    const store = await open();
    const [first, second, third] = [
      serverPlan(MAC),
      serverPlan('52:54:00:00:00:02'),
      serverPlan('52:54:00:00:00:03'),
    ];
    await store.take({ generation: 1, full: true, servers: [first], removed: [] });
    await store.take({ generation: 2, full: false, servers: [second, third], removed: [] });
    await store.take({ generation: 3, full: false, servers: [], removed: [second.serverId] });
    await store.close();
    await appendFile(join(folder.path, 'plans.ndjson'), '{"generation":4,"full":true,"serv');
    const again = await open();
    expect(again.generation).toBe(3);
    expect(again.servers).toEqual([first, third]);
  });

  it('ignore an older generation', async () => {
    const store = await open();
    await store.take({ generation: 5, full: true, servers: [serverPlan(MAC)], removed: [] });
    await store.take({ generation: 4, full: true, servers: [], removed: [] });
    expect(store.servers).toHaveLength(1);
  });

  it('stay one file of bounded size, however many changes come', async () => {
    const store = await open();
    const server = serverPlan(MAC);
    for (let generation = 1; generation <= 2_100; generation += 1) {
      void store.take({ generation, full: false, servers: [server], removed: [] });
    }
    await store.take({ generation: 2_101, full: false, servers: [], removed: [] });
    await store.close();
    const again = await open();
    expect(again.generation).toBe(2_101);
    expect(again.servers).toEqual([server]);
  });
});

describe('An install that is under way here', () => {
  const install = installPlan();
  it.each([
    ['goes on while its plan names it', false, serverPlan(MAC, { install })],
    [
      'goes on while its server is in provisioning, named or not',
      false,
      serverPlan(MAC, { action: 'local-disk', install: null }),
    ],
    [
      'goes on when labd was quicker to call its server installed',
      false,
      serverPlan(MAC, { phase: 'installed', action: 'local-disk', install: null }),
    ],
    ['is given up when its server is gone', true, undefined],
    [
      'is given up when its server failed',
      true,
      serverPlan(MAC, { phase: 'failed', action: 'discover', install: null }),
    ],
    [
      'is given up when it was cancelled',
      true,
      serverPlan(MAC, { install: { ...install, state: 'cancelled' } }),
    ],
    ['is given up when another install took its place', true, serverPlan(MAC, { install: installPlan() })],
  ])('%s', (_name, givenUp, server) => {
    expect(isGivenUp(install.installId, server, true)).toBe(givenUp);
  });

  it('is given up when its server is installed as before it, for it was cancelled before its %post had ended', () => {
    const server = serverPlan(MAC, { phase: 'installed', action: 'local-disk', install: null });
    expect(isGivenUp(install.installId, server, false)).toBe(true);
  });
});
