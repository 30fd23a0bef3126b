import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LabClient } from '../api/lab-client.js';
import { FixedSession } from '../api/session.js';
import { Transport } from '../api/transport.js';
import { followInstall } from './install-follower.js';
import type { FollowTiming } from './install-follower.js';

const quick: FollowTiming = { retryMs: 1, mostRetryMs: 5, silenceMs: 60, awayMs: 100 };

let http: Server;
let client: LabClient;
/** What each connection is answered with, the last one for all that follow. */
let answers: ((response: ServerResponse) => void)[];
let lastEventIds: (string | undefined)[];

beforeEach(async () => {
  answers = [];
  lastEventIds = [];
  http = createServer((request, response) => {
    lastEventIds.push(request.headers['last-event-id'] as string | undefined);
    const answer = answers[Math.min(lastEventIds.length, answers.length) - 1];
    answer?.(response);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const server = new URL(`http://127.0.0.1:${(http.address() as AddressInfo).port}`);
  const transport = new Transport({ server, userAgent: 'spec', timeoutMs: 5000 });
  client = new LabClient(transport, new FixedSession('token'));
});

afterEach(async () => {
  http.closeAllConnections();
  await new Promise((resolve) => http.close(resolve));
});

const log = (number: number) =>
  `event: log\nid: ${number}\ndata: {"number":${number},"text":"line ${number}"}\n\n`;
const state = (name: string) => `event: state\nid: 9\ndata: {"state":"${name}","failure":null}\n\n`;
const stream = (response: ServerResponse, ...events: string[]): ServerResponse => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(': hello\n\n');
  for (const event of events) response.write(event);
  return response;
};

async function followed(): Promise<string[]> {
  const told: string[] = [];
  const { signal } = new AbortController();
  for await (const event of followInstall(client, 'node1', { signal, timing: quick })) {
    told.push(
      event.type === 'log' ? event.line.text : event.type === 'state' ? event.state : event.stage.name,
    );
  }
  return told;
}

describe('following an install', () => {
  it('goes on from the last event when the stream ends before the install has', async () => {
    answers = [
      (response) => stream(response, log(1), state('installing')).end(),
      (response) => stream(response, log(1), log(2), state('installing'), state('succeeded')).end(),
    ];
    expect(await followed()).toEqual(['line 1', 'installing', 'line 2', 'succeeded']);
    expect(lastEventIds).toEqual([undefined, '9']);
  });

  it('takes a connection that has fallen silent for lost', async () => {
    answers = [(response) => stream(response, log(1)), (response) => stream(response, state('failed')).end()];
    expect(await followed()).toEqual(['line 1', 'failed']);
  });

  it('goes on when labd is not ready for a while', async () => {
    answers = [
      (response) => stream(response, log(1)).end(),
      (response) => response.writeHead(503).end('{"code":"database-unavailable"}'),
      (response) => stream(response, state('succeeded')).end(),
    ];
    expect(await followed()).toEqual(['line 1', 'succeeded']);
  });

  it('reads an event that comes in pieces, split within a character', async () => {
    const bytes = Buffer.from(log(1).replace('line 1', 'größe'));
    const cut = bytes.indexOf(0xc3) + 1;
    answers = [
      (response) => {
        stream(response).write(bytes.subarray(0, cut), () => {
          setImmediate(() =>
            response.end(Buffer.concat([bytes.subarray(cut), Buffer.from(state('succeeded'))])),
          );
        });
      },
    ];
    expect(await followed()).toEqual(['größe', 'succeeded']);
  });

  it('fails at once when the first connection does', async () => {
    answers = [(response) => response.writeHead(503).end('{"code":"not-ready","detail":"starting"}')];
    await expect(followed()).rejects.toThrow('starting');
  });

  it('fails when the server is forgotten meanwhile', async () => {
    answers = [
      (response) => stream(response, log(1)).end(),
      (response) => response.writeHead(404).end('{"code":"not-found","detail":"gone"}'),
    ];
    await expect(followed()).rejects.toThrow('gone');
    expect(lastEventIds).toHaveLength(2);
  });

  it('gives up when labd is away for too long', async () => {
    answers = [(response) => stream(response, log(1)).end(), (response) => response.destroy()];
    await expect(followed()).rejects.toThrow(/the connection to http:\S+ was cut/);
  });
});
