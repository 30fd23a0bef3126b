import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ServerPlan } from '@lab/protocol';
import {
  installPlan,
  macOf,
  operatorToken,
  serverPlan,
  startIn,
  temporaryFolder,
} from '../../test/bastion-fixture.js';
import type { RunningBastion } from '../start-bastion.js';
import { forgetfulSink } from '../../test/no-labd.js';
import { InstallFeed } from './install-feed.js';
import { InstallLogBuffer } from './install-log-buffer.js';
import { InstallRecord } from './install-record.js';
import { LogFollower } from './log-follower.js';

const MAC = '52:54:00:00:00:01';

interface SseEvent {
  event: string;
  id: string | undefined;
  data: { text?: string; number?: number; state?: string; stage?: string; event?: string; install?: string };
}

/** A reader of one SSE stream over a real connection. */
class Reader {
  readonly events: SseEvent[] = [];
  #text = '';
  #abort = new AbortController();
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;

  async open(url: string, headers: Record<string, string>): Promise<number> {
    const response = await fetch(url, { headers, signal: this.#abort.signal });
    this.#reader = response.body?.getReader();
    return response.status;
  }

  /** Reads until an event fits. */
  async until(fits: (event: SseEvent) => boolean): Promise<SseEvent> {
    for (;;) {
      const found = this.events.find(fits);
      if (found !== undefined) return found;
      if (!(await this.more())) throw new Error('the stream has ended');
    }
  }

  async more(): Promise<boolean> {
    const chunk = await this.#reader?.read();
    if (chunk?.value === undefined) return false;
    this.#text += Buffer.from(chunk.value).toString('utf8');
    const blocks = this.#text.split('\n\n');
    this.#text = blocks.pop() ?? '';
    for (const block of blocks) {
      const field = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
      const event = field('event');
      if (event !== undefined)
        this.events.push({ event, id: field('id'), data: JSON.parse(field('data') ?? '{}') });
    }
    return true;
  }

  close(): void {
    this.#abort.abort();
  }
}

describe('A follower of the log of a machine', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let bastion: RunningBastion;
  let token: string;
  let readers: Reader[];

  const restartWith = async (server: ServerPlan, generation: number): Promise<void> => {
    await bastion.stop();
    const plan = { generation, full: true, servers: [server], removed: [] };
    await writeFile(join(folder.path, 'plans.ndjson'), `${JSON.stringify(plan)}\n`);
    bastion = await startIn(folder.path);
    const script = await (await fetch(`${bastion.url}/boot/${MAC}.ipxe`)).text();
    const kickstart = await (await fetch(/inst\.ks=(\S+)/.exec(script)?.[1] ?? '')).text();
    token = /^LAB_TOKEN='?([\w-]+)'?$/m.exec(kickstart)?.[1] ?? '';
  };
  const post = async (path: string, body: object): Promise<void> => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const answer = await fetch(`${bastion.url}${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    expect(answer.ok).toBe(true);
    await answer.arrayBuffer();
  };
  const say = (...texts: string[]): Promise<void> =>
    post('/api/log', { lines: texts.map((text) => ({ source: 'anaconda', text })) });
  const follow = async (lastEventId?: string, query = ''): Promise<Reader> => {
    const reader = new Reader();
    readers.push(reader);
    const status = await reader.open(`${bastion.url}/api/logs/${MAC}/follow${query}`, {
      authorization: `Bearer ${await operatorToken(folder.path)}`,
      ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
    });
    expect(status).toBe(200);
    return reader;
  };
  const textsOf = (reader: Reader): (string | undefined)[] =>
    reader.events.filter(({ event }) => event === 'log').map(({ data }) => data.text);

  beforeEach(async () => {
    folder = await temporaryFolder();
    readers = [];
    bastion = await startIn(folder.path);
    await restartWith(serverPlan(MAC), 1);
  });
  afterEach(async () => {
    for (const reader of readers) reader.close();
    await bastion.stop();
    await folder[Symbol.asyncDispose]();
  });

  it('sees the state, the stages and lines so far, and each new one as it comes', async () => {
    await say('before');
    const reader = await follow();
    await reader.until(({ data }) => data.text === 'before');
    expect(reader.events[0]).toMatchObject({ event: 'state', data: { state: 'active' } });
    expect(reader.events).toContainEqual(
      expect.objectContaining({
        event: 'stage',
        data: expect.objectContaining({ stage: 'boot', event: 'started' }),
      }),
    );
    await say('now');
    await reader.until(({ data }) => data.text === 'now');
    await post('/api/progress', { stage: 'pre', event: 'started', seq: 1 });
    await reader.until(({ event, data }) => event === 'stage' && data.stage === 'pre');
  });

  it('goes on after its Last-Event-ID without a gap or a repeat, also when the bastion was restarted', async () => {
    const first = await follow();
    await say(...Array.from({ length: 700 }, (_, index) => `line ${index}`));
    const last = await first.until(({ data }) => data.text === 'line 499');
    first.close();
    await bastion.stop();
    bastion = await startIn(folder.path);
    const second = await follow(last.id);
    await second.until(({ data }) => data.text === 'line 699');
    expect(textsOf(second)).toEqual(Array.from({ length: 200 }, (_, index) => `line ${index + 500}`));
    expect(second.events.filter(({ event }) => event === 'stage')).toEqual([]);
  });

  it('reads lines that are older than the memory holds from the file', async () => {
    for (let part = 0; part < 5; part += 1) {
      await say(...Array.from({ length: 1_000 }, (_, index) => `line ${part * 1_000 + index}`));
    }
    const reader = await follow();
    await reader.until(({ data }) => data.text === 'line 4999');
    const ours = textsOf(reader).filter((text) => text?.startsWith('line'));
    expect(ours).toEqual(Array.from({ length: 5_000 }, (_, index) => `line ${index}`));
  });

  it('is told how the install ended, and goes on with the next one', async () => {
    const reader = await follow();
    await post('/api/progress', { stage: 'disk', event: 'failed', seq: 1, message: 'no disk fits' });
    await reader.until(({ event, data }) => event === 'state' && data.state === 'failed');
    expect(reader.events.at(-1)?.data).toMatchObject({ state: 'failed', reason: 'no disk fits' });
    const install = installPlan({ attempt: 2 });
    const known = reader.events.at(-1)?.id;
    await restartWith(serverPlan(MAC, { install }), 2);
    const again = await follow(known);
    await again.until(({ event, data }) => event === 'state' && data.install === install.installId);
  });

  it('of a machine that had no install here is told so', async () => {
    const answer = await fetch(`${bastion.url}/api/logs/52:54:00:00:00:99/follow`, {
      headers: { authorization: `Bearer ${await operatorToken(folder.path)}` },
    });
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: 'not-found', hint: expect.any(String) });
  });
});

describe('A follower that takes nothing', () => {
  it('is dropped with an event, costs no memory, and leaves others alone', async () => {
    await using folder = await temporaryFolder();
    const plan = installPlan();
    const record = new InstallRecord(plan.installId, plan.installId, new Set([macOf(MAC)]), plan, 0);
    const feed = new InstallFeed();
    const logs = new InstallLogBuffer({
      sink: forgetfulSink,
      folderOf: () => folder.path,
      added: () => feed.wake(record.macs),
      fileFailed: () => undefined,
    });
    const parts = { mac: macOf(MAC), install: () => record, logs, feed };
    const ended: number[] = [];
    const dropped = Promise.withResolvers<null>();
    let buffered = 0;
    const server = createServer((request, response) => {
      void new LogFollower(
        { ...parts, response, stalledMs: request.url === '/1' ? 300 : 20_000 },
        { installId: '', report: 0, line: 0 },
      )
        .run()
        .then(() => {
          buffered = response.writableLength;
          ended.push(Number(request.url?.slice(1)));
          dropped.resolve(null);
        });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    const slow = connect(port, '127.0.0.1');
    slow.write('GET /1 HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(slow, 'readable');
    const lively = new Reader();
    await lively.open(`http://127.0.0.1:${port}/2`, {});
    const line = { at: '2026-11-22T10:00:00.000Z', source: 'pre', stage: null, text: 'x'.repeat(8_000) };
    for (let part = 0; part < 20; part += 1) {
      await logs.append(
        plan.installId,
        macOf(MAC),
        Array.from({ length: 100 }, () => line),
        0,
      );
    }
    const reading = lively.until(({ data }) => data.number === 2_000);
    await Promise.all([reading, dropped.promise]);
    expect(ended).toEqual([1]);
    expect(buffered).toBeLessThan(4 * 1024 * 1024);
    let text = '';
    for await (const chunk of slow) text += String(chunk);
    expect(text).toContain('event: dropped');
    lively.close();
    await logs.close();
    server.closeAllConnections();
    server.close();
  });
});
