import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runningLabd, type TestLabd } from '../../test/running-labd.js';
import { Watching } from '@lab/testing';
import { FeedLog } from './feed-log.repository.js';

let labd: TestLabd;
let now = Date.parse('2026-11-23T10:00:00Z');
beforeAll(async () => {
  labd = await runningLabd({ clock: { now: () => now } });
});
afterAll(() => labd.stop());

let subnet = 0;
const create = (name: string, spec: object = {}, labels: object = {}) => {
  subnet += 1;
  return labd.call('POST', '/api/v1/networks', {
    metadata: { name, labels },
    spec: { cidr: `10.${subnet}.0.0/16`, ...spec },
  });
};
const patch = (name: string, body: object) => labd.call('PATCH', `/api/v1/networks/${name}`, body);
const watch = async (query = '', token = labd.adminToken, lastEventId?: string): Promise<Watching> => {
  const watching = await Watching.open(`${labd.url}/api/v1/watch${query}`, token, lastEventId);
  await watching.until(({ events }) => events.length > 0);
  return watching;
};

describe('a watcher', () => {
  it('sees each change once and in order, and goes on after a cursor', async () => {
    const watching = await watch('?kinds=net');
    await create('w1');
    await patch('w1', { spec: { vlan: 1 } });
    await watching.until(({ seen }) => seen.length === 2);
    await watching.stop();
    await patch('w1', { spec: { vlan: 2 } });
    await labd.call('DELETE', '/api/v1/networks/w1');
    const later = await watch('?kinds=net', undefined, watching.cursor);
    await later.until(({ seen }) => seen.length === 2);
    await later.stop();
    expect([...watching.seen, ...later.seen]).toEqual([
      'added w1',
      'modified w1',
      'modified w1',
      'deleted w1',
    ]);
  });

  it('sees what comes into its sight as added, and what leaves it as deleted', async () => {
    const token = await labd.userWith('read:default:staging:*');
    const byPermission = await watch('', token);
    const byLabel = await watch('?kinds=networks&labelSelector=rack%3Da');
    await create('w2', {}, { rack: 'a' });
    await patch('w2', { spec: { environment: 'staging' }, metadata: { labels: { rack: 'b' } } });
    await patch('w2', { spec: { environment: 'default' }, metadata: { labels: { rack: 'a' } } });
    await byPermission.until(({ seen }) => seen.length === 2);
    await byLabel.until(({ seen }) => seen.length === 3);
    await Promise.all([byPermission.stop(), byLabel.stop()]);
    expect(byPermission.seen).toEqual(['added w2', 'deleted w2']);
    expect(byLabel.seen).toEqual(['added w2', 'deleted w2', 'added w2']);
  });

  it('can watch a single resource', async () => {
    await create('w3');
    await create('w4');
    const watching = await watch('/networks/w3');
    await patch('w4', { spec: { vlan: 4 } });
    await patch('w3', { spec: { vlan: 3 } });
    await watching.until(({ seen }) => seen.length === 1);
    await watching.stop();
    expect(watching.seen).toEqual(['modified w3']);
  });

  it('is ended when its session is, at the next look', async () => {
    const token = await labd.userWith('read:*:*:*');
    const watching = await watch('?kinds=networks', token);
    await labd.call('POST', '/api/v1/auth/logout', undefined, token);
    now += 31_000;
    await create('w5');
    await watching.until(({ events }) => events.at(-1)?.type === 'error');
    await watching.ended;
  });

  it.each([
    ['?kinds=pods', 400, 'kinds'],
    ['?kinds=installs', 400, 'kinds'],
    ['?since=abc', 400, 'since'],
    ['?since=999999999', 400, 'since'],
    ['?labelSelector=%3D', 400, 'labelSelector'],
    ['/networks/nowhere', 404, undefined],
  ])('is refused with %s', async (query, status, path) => {
    const answer = await labd.call('GET', `/api/v1/watch${query}`);
    expect({ status: answer.status, path: answer.body.errors?.[0]?.path }).toEqual({ status, path });
  });

  it('is told that what it asks for is gone, once it was pruned', async () => {
    const feed = labd.app.get(FeedLog);
    await create('w6');
    await feed.number();
    const { head } = await feed.bounds();
    expect(await feed.prune(new Date(now + 1))).toBeGreaterThan(0);
    expect(await labd.call('GET', `/api/v1/watch?since=${head - 1}`)).toMatchObject({
      status: 410,
      body: { code: 'gone' },
    });
    const watching = await watch(`?since=${head}`);
    await watching.stop();
    expect(watching.seen).toEqual([]);
  });
});

describe('numbers of changes', () => {
  it('are given in the order of versions, whatever the clocks said, and by several at once without gap or twin', async () => {
    const feed = labd.app.get(FeedLog);
    const { client } = labd.database.database;
    const row = (resourceId: string, resourceVersion: number, at: number) => ({
      at: new Date(at),
      type: 'modified',
      kind: 'Network',
      resourceId,
      resourceName: resourceId,
      resourceVersion,
      object: {},
    });
    await client.feedEvent.createMany({
      data: Array.from({ length: 300 }, (_, index) => row(`r${index % 3}`, index + 10, now - index * 1000)),
    });
    await Promise.all(Array.from({ length: 5 }, () => feed.number()));
    const rows = await client.feedEvent.findMany({
      where: { resourceName: { in: ['r0', 'r1', 'r2'] } },
      orderBy: { seq: 'asc' },
    });
    for (const name of ['r0', 'r1', 'r2']) {
      const versions = rows
        .filter((found) => found.resourceName === name)
        .map((found) => found.resourceVersion);
      expect(versions).toEqual(versions.toSorted((a, b) => a - b));
    }
    const numbers = rows.map(({ seq }) => Number(seq));
    expect(numbers).toEqual(Array.from({ length: 300 }, (_, index) => (numbers[0] ?? 0) + index));
  });
});
