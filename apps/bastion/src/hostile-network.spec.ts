import { mkdir, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { operatorToken, serverPlan, startIn, temporaryFolder } from '../test/bastion-fixture.js';
import { Host } from '../test/host.js';
import type { RunningBastion } from './start-bastion.js';

const MAC = '52:54:00:00:08:01';
/** No connection ends because it is slow: only the guard ends any. */
const PATIENT = { BASTION_HEADERS_SECONDS: '600', BASTION_REQUEST_SECONDS: '3600' };

describe('A bastion whose network is not a friend', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let bastion: RunningBastion;
  let sockets: Socket[];
  const host = (address: string) => new Host(() => bastion.url, address);
  const machine = host('127.0.0.10');
  const hostile = host('127.0.0.66');

  const start = async (env: Record<string, string>): Promise<void> => {
    bastion = await startIn(folder.path, env);
  };
  /** A connection of the hostile host that has sent that much; resolves when it is open. */
  const open = async (text: string, address = hostile.address): Promise<Socket> => {
    const socket = connect({ host: '127.0.0.1', port: bastion.port, localAddress: address });
    socket.on('error', () => undefined);
    sockets.push(socket);
    // One that is refused may be reset before it is open.
    await new Promise<void>((resolve) => socket.once('connect', resolve).once('close', () => resolve()));
    socket.write(text);
    return socket;
  };
  /** Whether the other end has closed it, once it has. */
  const closed = async (socket: Socket): Promise<boolean> => {
    socket.resume();
    if (!socket.closed) await new Promise<void>((resolve) => socket.once('close', () => resolve()));
    return true;
  };

  beforeEach(async () => {
    folder = await temporaryFolder();
    sockets = [];
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await bastion.stop();
    await folder[Symbol.asyncDispose]();
  });

  it('gives one address so many connections, and answers the others', async () => {
    await start({ ...PATIENT, BASTION_MAX_CONNECTIONS_PER_ADDRESS: '20', BASTION_MAX_CONNECTIONS: '50' });
    const slow = await Promise.all(Array.from({ length: 60 }, () => open('GET /healthz HTTP/1.1\r\nHost:')));
    await Promise.all(slow.slice(20).map((socket) => closed(socket)));
    expect(slow.filter(({ destroyed }) => !destroyed)).toHaveLength(20);
    expect((await machine.get('/healthz')).status).toBe(200);
  });

  it('shares them when all are taken: who holds most gives one up for who has fewer', async () => {
    await start({ ...PATIENT, BASTION_MAX_CONNECTIONS_PER_ADDRESS: '10', BASTION_MAX_CONNECTIONS: '16' });
    const first = await Promise.all(Array.from({ length: 10 }, () => open('GET', '127.0.0.66')));
    await Promise.all(Array.from({ length: 6 }, () => open('GET', '127.0.0.67')));
    expect((await machine.get('/healthz')).status).toBe(200);
    expect(await Promise.race(first.map((socket) => closed(socket)))).toBe(true);
  });

  it('waits only so long for headers, a body, or a reader that takes nothing', async () => {
    await mkdir(join(folder.path, 'assets', 'fedora-43'), { recursive: true });
    await writeFile(join(folder.path, 'assets', 'fedora-43', 'large'), Buffer.alloc(64 * 1024 * 1024));
    await start({
      BASTION_HEADERS_SECONDS: '1',
      BASTION_REQUEST_SECONDS: '2',
      BASTION_STALLED_SECONDS: '3',
      BASTION_MAX_CONNECTIONS_PER_ADDRESS: '4',
    });
    const silent = await open('');
    const headers = await open('GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: ');
    const body = await open('POST /api/discovery HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{');
    expect(await Promise.all([silent, headers, body].map((socket) => closed(socket)))).toEqual([
      true,
      true,
      true,
    ]);
    // Four downloads that nobody reads hold all that the address may have, and not for ever.
    const download = 'GET /assets/fedora-43/large HTTP/1.1\r\nHost: x\r\n\r\n';
    await Promise.all(Array.from({ length: 4 }, () => open(download)));
    const answered = (): Promise<boolean> =>
      hostile.get('/healthz').then(
        () => true,
        () => false,
      );
    expect(await answered()).toBe(false);
    while (!(await answered())) await new Promise((resolve) => setTimeout(resolve, 50));
  });

  it('lets a download and a follower take their time', async () => {
    const size = 24 * 1024 * 1024;
    await mkdir(join(folder.path, 'assets', 'fedora-43'), { recursive: true });
    await writeFile(join(folder.path, 'assets', 'fedora-43', 'large'), Buffer.alloc(size));
    const plan = { generation: 1, full: true, servers: [serverPlan(MAC)], removed: [] };
    await writeFile(join(folder.path, 'plans.ndjson'), `${JSON.stringify(plan)}\n`);
    await start({
      BASTION_HEADERS_SECONDS: '1',
      BASTION_REQUEST_SECONDS: '1',
      BASTION_STALLED_SECONDS: '30',
    });
    const token = await machine.install(MAC);
    const follower = await fetch(`${bastion.url}/api/logs/${MAC}/follow`, {
      headers: { authorization: `Bearer ${await operatorToken(folder.path)}` },
    });
    const reader = follower.body?.pipeThrough(new TextDecoderStream()).getReader();
    const began = performance.now();
    const read = await new Promise<number>((resolve, reject) => {
      request(`${bastion.url}/assets/fedora-43/large`, (response) => {
        let bytes = 0;
        response.on('data', (part: Buffer) => {
          bytes += part.length;
          // Slower than the time in which a request has to be there.
          response.pause();
          setTimeout(() => response.resume(), 8);
        });
        response.on('end', () => resolve(bytes));
        response.on('error', reject);
      })
        .on('error', reject)
        .end();
    });
    expect(read).toBe(size);
    expect(performance.now() - began).toBeGreaterThan(1_500);
    await machine.post('/api/log', { source: 'pre', text: 'after all that time' }, token);
    let seen = '';
    while (!seen.includes('after all that time')) seen += (await reader?.read())?.value ?? '';
    await reader?.cancel();
  });

  it('reads a large body only of a machine that is being installed, and not many of one address', async () => {
    const plan = { generation: 1, full: true, servers: [serverPlan(MAC)], removed: [] };
    await writeFile(join(folder.path, 'plans.ndjson'), `${JSON.stringify(plan)}\n`);
    await start({});
    const token = await machine.install(MAC);
    const large = { source: 'pre', text: 'x'.repeat(600_000) };
    expect((await machine.post('/api/log', large, token)).status).toBe(202);
    for (const path of ['/api/log', '/api/discovery', '/nowhere', '/boot.ipxe']) {
      expect((await hostile.post(path, large)).status).toBe(413);
    }
    const begun = 'POST /api/discovery HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n{';
    const bodies = await Promise.all(Array.from({ length: 40 }, () => open(begun)));
    await Promise.all(bodies.slice(32).map((socket) => closed(socket)));
    expect((await hostile.post('/api/discovery', { mac: MAC })).status).toBe(429);
    expect((await machine.post('/api/log', { lines: [] }, token)).status).toBe(202);
  });

  it('takes invented machines at a pace and up to a number, and a real one all the while', async () => {
    await start({ BASTION_NEW_MACHINES_PER_ADDRESS: '30,60', BASTION_MAX_UNCONFIRMED: '20' });
    const statuses: number[] = [];
    for (let number = 0; number < 80; number += 1) {
      const mac = `52:54:00:66:00:${number.toString(16).padStart(2, '0')}`;
      statuses.push((await hostile.post('/api/discovery', { mac })).status);
    }
    expect(statuses.filter((status) => status === 200).length).toBeLessThan(50);
    expect(statuses.at(-1)).toBe(429);
    expect((await machine.post('/api/discovery', { mac: MAC })).status).toBe(200);
    expect(JSON.parse((await machine.get('/readyz')).text)).toMatchObject({ machines: 20 });
  });
});
