import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { NetbootEvent, ServerPlan } from '@lab/protocol';
import { pino } from 'pino';
import { installPlan, macOf, serverPlan, temporaryFolder } from '../../test/bastion-fixture.js';
import { InstallFeed } from '../installs/install-feed.js';
import { InstallLogBuffer } from '../installs/install-log-buffer.js';
import { InstallStore } from '../installs/install.store.js';
import { InstallWriter } from '../installs/install-writer.js';
import { PlanStore } from '../machines/plan.store.js';
import { forgetfulSink } from '../../test/no-labd.js';
import { InstallNetbootLog } from './install-netboot-log.js';

const MAC = '52:54:00:00:00:12';
const log = pino({ level: 'silent' });
const event = (text: string): NetbootEvent => ({
  ...{ at: new Date(0).toISOString(), type: 'discover', address: null, text },
});

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let now: number;
let plans: PlanStore;
let store: InstallStore;
let lines: InstallLogBuffer;
let installLog: InstallNetbootLog;
beforeEach(async () => {
  folder = await temporaryFolder();
  now = 1_000_000;
  const clock = { now: () => now };
  plans = await PlanStore.open(folder.path);
  store = await InstallStore.open(folder.path);
  lines = new InstallLogBuffer({
    sink: forgetfulSink,
    folderOf: (installId) => store.folderOf(installId),
    added: () => undefined,
    fileFailed: (_, error) => {
      throw error;
    },
  });
  const writer = new InstallWriter({
    ...{ store, logs: lines, sink: forgetfulSink, feed: new InstallFeed(), clock, log },
  });
  installLog = new InstallNetbootLog({ plans, store, writer, clock, log });
});
afterEach(async () => {
  await lines.close();
  await store.close();
  await plans.close();
  await folder[Symbol.asyncDispose]();
});

/** How many lines the install's log has once all is written. */
async function linesOf(plan: ServerPlan, take: () => void): Promise<number> {
  await plans.take({ generation: 1, full: true, servers: [plan], removed: [] });
  take();
  const installId = plan.install?.installId ?? '';
  // What was taken waits for its turn, and so does this.
  await new Promise((done) => setImmediate(done));
  for (let turn = 0; turn < 3; turn += 1) await store.exclusive(installId, () => Promise.resolve());
  return store.get(installId) === undefined ? 0 : lines.total(installId);
}

it('A machine that goes on and on is written down so often, and then now and then', async () => {
  const plan = serverPlan(MAC);
  const flood = () => {
    for (let number = 0; number < 1_000; number += 1)
      installLog.take(macOf(MAC), event(`number ${number}`), 1);
  };
  expect(await linesOf(plan, flood)).toBe(100);
  now += 60_000;
  expect(await linesOf(plan, flood)).toBe(120);
});

it('The same again is written down at 1, 10, 100 …', async () => {
  const again = () => {
    for (let count = 1; count <= 150; count += 1) installLog.take(macOf(MAC), event('asks'), count);
  };
  expect(await linesOf(serverPlan(MAC), again)).toBe(3);
});

it.each<[string, Partial<ServerPlan>]>([
  ['has no install', { action: 'discover', phase: 'discovered', install: null }],
  [
    'is installed',
    { action: 'local-disk', phase: 'installed', install: installPlan({ state: 'succeeded' }) },
  ],
  ['is another one', { macs: [macOf('52:54:00:00:00:99')] }],
])('Of a machine that %s nothing is written', async (_name, over) => {
  const plan = serverPlan(MAC, over);
  expect(await linesOf(plan, () => installLog.take(macOf(MAC), event('asks'), 1))).toBe(0);
});
