import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LinkedBastion, aMachine } from '@lab/testing';
import { runningLabd, type TestLabd } from '../../test/running-labd.js';
import type { ServerDto } from '../servers/server.dto.js';
import type { InstallStageDto } from './install.dto.js';
import type { LogLineDto, LogPageDto } from './install-log.dto.js';

interface Event {
  event: string;
  id: string;
  data: Partial<LogLineDto & InstallStageDto>;
}

/** Reads a stream event by event. */
async function* events(response: Response): AsyncGenerator<Event> {
  let buffered = '';
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    buffered += new TextDecoder().decode(chunk);
    const blocks = buffered.split('\n\n');
    buffered = blocks.pop() ?? '';
    for (const block of blocks) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
      if (field('event') !== '')
        yield { event: field('event'), id: field('id'), data: JSON.parse(field('data')) as Event['data'] };
    }
  }
}

const told = ({ event, data }: Event): string =>
  event === 'log'
    ? `log ${data.text}`
    : event === 'stage'
      ? `stage ${data.name} ${data.state}`
      : `state ${data.state}`;

describe('following an install', () => {
  let labd: TestLabd;
  let bastion: LinkedBastion;
  let number = 0;
  beforeAll(async () => {
    labd = await runningLabd();
    bastion = await LinkedBastion.enrol(labd, 'site-a');
    await bastion.connect();
  });
  afterAll(async () => {
    await bastion.disconnect();
    await labd.stop();
  });

  async function provisioned(): Promise<{ name: string; installId: string }> {
    number += 1;
    await bastion.sees(aMachine(number));
    const name = `srv-00000${number}`;
    const { body } = await labd.call<ServerDto>('POST', `/api/v1/servers/${name}/provision`, {
      profile: 'fedora-43',
      role: 'worker',
    });
    return { name, installId: body.status.install?.id ?? '' };
  }
  const follow = (name: string, query = '', headers: Record<string, string> = {}, signal?: AbortSignal) =>
    fetch(`${labd.url}/api/v1/servers/${name}/logs/follow${query}`, {
      headers: { authorization: `Bearer ${labd.adminToken}`, ...headers },
      ...(signal !== undefined && { signal }),
    });
  const all = async (response: Response): Promise<Event[]> => {
    const seen: Event[] = [];
    for await (const event of events(response)) seen.push(event);
    return seen;
  };

  it('shows stages, lines and states as they come, and ends with the install', async () => {
    const { name, installId } = await provisioned();
    const response = await follow(name);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const stream = events(response);
    const next = async () => told((await stream.next()).value as Event);
    expect(await next()).toBe('state queued');
    await bastion.reports(installId, ['boot', 'started']);
    expect([await next(), await next()]).toEqual(['stage boot running', 'state booting']);
    await bastion.writes(installId, 1, 'one', 'two');
    expect([await next(), await next()]).toEqual(['log one', 'log two']);
    await bastion.reports(installId, ['packages', 'failed', { message: 'dnf failed' }]);
    expect([await next(), await next(), await next()]).toEqual([
      'stage boot succeeded',
      'stage packages failed',
      'state failed',
    ]);
    // It came late, and says what the cause is: that is told anew.
    await bastion.writes(installId, 3, 'No match for argument: nope');
    expect(await next()).toBe('log No match for argument: nope');
    const restated = (await stream.next()).value as Event;
    expect(restated).toMatchObject({
      event: 'state',
      data: { state: 'failed', failure: { diagnosis: { rule: 'package-missing' } } },
    });
    expect((await stream.next()).done).toBe(true);
  });

  it('goes on after any event from its ID', async () => {
    const { name, installId } = await provisioned();
    await bastion.reports(installId, ['boot', 'started'], ['pre', 'started'], ['disk', 'started']);
    await bastion.writes(installId, 1, ...Array.from({ length: 1200 }, (_, index) => `line ${index + 1}`));
    await bastion.reports(installId, ['disk', 'failed']);
    const whole = await all(await follow(name));
    expect(whole.filter(({ event }) => event === 'log')).toHaveLength(1200);
    for (const at of [3, 500]) {
      const rest = await all(await follow(name, '', { 'last-event-id': whole[at]?.id ?? '' }));
      const expected = whole.slice(at + 1).filter(({ event }) => event !== 'state');
      expect(rest.filter(({ event }) => event !== 'state').map(told)).toEqual(expected.map(told));
      expect(rest.at(-1)?.event === 'state' || rest.some(({ event }) => event === 'state')).toBe(true);
    }
    const tail = await all(await follow(name, '?tail=2'));
    expect(tail.filter(({ event }) => event === 'log').map(told)).toEqual(['log line 1199', 'log line 1200']);
  });

  it('pages through the log', async () => {
    const { name, installId } = await provisioned();
    await bastion.writes(installId, 1, 'a', 'b', 'c', 'd', 'e');
    const logs = async (query: string) =>
      (await labd.call<LogPageDto>('GET', `/api/v1/servers/${name}/logs${query}`)).body;
    const first = await logs('?limit=2');
    expect([first.lines.map((line) => line.text), first.next]).toEqual([['a', 'b'], 2]);
    const second = await logs('?limit=3&after=2');
    expect([second.lines.map((line) => line.text), second.next]).toEqual([['c', 'd', 'e'], null]);
    expect((await logs('?tail=2')).lines.map((line) => line.text)).toEqual(['d', 'e']);
    expect((await logs('?stage=pre')).lines).toEqual([]);
    expect(await logs('?install=7')).toMatchObject({ status: 404 });
  });

  it('ends with labd, and leaves no listener behind when the reader goes', async () => {
    const { name } = await provisioned();
    const gone = new AbortController();
    const abandoned = await follow(name, '', {}, gone.signal);
    await events(abandoned).next();
    gone.abort();
    const response = await follow(name);
    const stream = events(response);
    await stream.next();
    await labd.restart();
    expect((await stream.next()).done).toBe(true);
    await bastion.connect();
  });
});
