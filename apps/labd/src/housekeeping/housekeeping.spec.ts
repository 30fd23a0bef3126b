import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LinkedBastion, aMachine } from '@lab/testing';
import { runningLabd, type TestLabd } from '../../test/running-labd.js';
import { FeedLog } from '../feed/feed-log.repository.js';
import { Housekeeper } from './housekeeper.js';

const DAY_MS = 86_400_000;
let labd: TestLabd;
let now = Date.parse('2026-11-23T10:00:00Z');
beforeAll(async () => {
  labd = await runningLabd({ clock: { now: () => now } });
});
afterAll(() => labd.stop());

describe('housekeeping', () => {
  it('takes away old changes, and old lines but those of the newest install', async () => {
    const bastion = await LinkedBastion.enrol(labd, 'site-a');
    await bastion.connect();
    await bastion.sees(aMachine(1));
    const { client } = labd.database.database;
    const server = await client.server.findFirstOrThrow();
    const install = (attempt: number) =>
      client.install.create({
        data: {
          serverId: server.id,
          attempt,
          state: 'failed',
          phaseBefore: 'discovered',
          profile: 'fedora-43',
          role: 'worker',
          hostname: 'node1',
          diskRule: {},
          layout: 'x',
          requestedBy: 'admin',
          finishedAt: new Date(now),
          lines: { create: [{ number: 1, at: new Date(now), source: 'pre', text: `of ${attempt}` }] },
        },
      });
    await install(1);
    const newest = await install(2);
    await client.server.update({ where: { id: server.id }, data: { currentInstallId: newest.id } });
    await labd.app.get(FeedLog).number();
    const housekeeper = labd.app.get(Housekeeper, { strict: false });

    now += 6 * DAY_MS;
    await housekeeper.tidy();
    expect(await client.feedEvent.count()).toBeGreaterThan(0);
    expect(await client.installLogLine.count()).toBe(2);

    now += 90 * DAY_MS;
    await housekeeper.tidy();
    expect(await client.feedEvent.count({ where: { seq: { not: null } } })).toBe(0);
    expect((await client.installLogLine.findMany()).map(({ text }) => text)).toEqual(['of 2']);
    expect(await client.auditLog.count()).toBeGreaterThan(0);
  });
});
