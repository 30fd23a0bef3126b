import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:net';
import type { AddressInfo, Server as TcpServer, Socket } from 'node:net';
import { FakeLabd } from './fake-labd.js';
import { Labctl } from './run-labctl.js';

let labctl: Labctl;
const tcp: TcpServer[] = [];
const sockets = new Set<Socket>();

beforeEach(() => {
  labctl = new Labctl();
});

afterEach(async () => {
  labctl.remove();
  for (const socket of sockets) socket.destroy();
  await Promise.all(tcp.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

/** A TCP server that answers every connection with these bytes, or not at all. */
async function tcpServer(answer?: string): Promise<number> {
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    if (answer !== undefined) socket.once('data', () => socket.end(answer));
  });
  tcp.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const withToken = (server: string) => ({ env: { LABCTL_SERVER: server, LABCTL_TOKEN: 'token' } });

describe('labctl, when labd is away,', () => {
  it('says that nothing listens there', async () => {
    const port = await tcpServer();
    await new Promise((resolve) => tcp.pop()?.close(resolve));
    const { code, stderr } = await labctl.run(['get', 'servers'], withToken(`http://127.0.0.1:${port}`));
    expect(stderr).toMatch(
      /^error: nothing listens at http:\/\/127\.0\.0\.1:\d+ \(connection refused\)\nhint: Start labd/,
    );
    expect(code).toBe(1);
  });

  it('says that it did not answer in time', async () => {
    const port = await tcpServer();
    const { code, stderr } = await labctl.run(
      ['get', 'servers', '--request-timeout', '200ms'],
      withToken(`http://127.0.0.1:${port}`),
    );
    expect(stderr).toMatch(/^error: labd at http:\/\/127\.0\.0\.1:\d+ did not answer within 0\.2 s\nhint: /);
    expect(code).toBe(1);
  });

  it('says that TLS failed, and why that may be', async () => {
    const port = await tcpServer('HTTP/1.1 400 Bad Request\r\n\r\n');
    const { code, stderr } = await labctl.run(['get', 'servers'], withToken(`https://127.0.0.1:${port}`));
    expect(stderr).toMatch(
      /^error: TLS with https:\/\/127\.0\.0\.1:\d+ failed: .*\nhint: If it serves plain HTTP, write http:/,
    );
    expect(code).toBe(1);
  });

  it('says that what answers is not HTTP', async () => {
    const port = await tcpServer('SSH-2.0-OpenSSH_10.0\r\n');
    const { code, stderr } = await labctl.run(['get', 'servers'], withToken(`http://127.0.0.1:${port}`));
    expect(stderr).toMatch(/^error: what answers at http:\S+ does not speak HTTP/);
    expect(code).toBe(1);
  });

  it('says that what answers is not labd', async () => {
    const port = await tcpServer(
      'HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<html>',
    );
    const { code, stderr } = await labctl.run(['get', 'servers'], withToken(`http://127.0.0.1:${port}`));
    expect(stderr).toMatch(/^error: what answers at http:\S+ is not labd/);
    expect(code).toBe(1);
  });

  it('says so of a host name that does not exist', async () => {
    const { code, stderr } = await labctl.run(['get', 'servers'], withToken('http://labd.invalid:7070'));
    expect(stderr).toMatch(/^error: the host name of http:\/\/labd\.invalid:7070 can't be resolved/);
    expect(code).toBe(1);
  });

  it('still refuses a wrong type as wrong usage', async () => {
    const { code } = await labctl.run(['get', 'nonsense'], withToken('http://127.0.0.1:1'));
    expect(code).toBe(2);
  });
});

describe("labd's errors", () => {
  it('come with hint, wrong fields and request ID, and without a stack', async () => {
    const labd = await FakeLabd.start();
    labctl.loggedInAt(labd.url, labd.tokens);
    labd.override = (path, response) => {
      if (!path.endsWith('/provision')) return false;
      response.writeHead(400, { 'content-type': 'application/problem+json' });
      response.end(
        JSON.stringify({
          status: 400,
          code: 'invalid',
          detail: 'The input is not valid\u001b[2J',
          hint: 'Correct it.',
          errors: [{ path: 'role', message: 'must be a role' }],
          requestId: 'req-7',
        }),
      );
      return true;
    };
    const { code, stderr } = await labctl.run(['provision', 'node1', '--os', 'fedora-43', '--role', 'cook']);
    await labd.stop();
    expect(stderr).toBe(
      'error: The input is not valid\uFFFD[2J\n  role: must be a role\nhint: Correct it.\nrequest ID: req-7\n',
    );
    expect(code).toBe(1);
  });

  it('come with requests and stack, but without secrets, in --debug', async () => {
    const labd = await FakeLabd.start();
    labctl.loggedInAt(labd.url, labd.tokens);
    const { stderr } = await labctl.run(['get', 'server', 'node9', '--debug']);
    await labd.stop();
    expect(stderr).toMatch(/debug: GET http:\S+\/servers\/node9 → 404/);
    expect(stderr).toMatch(/\n +at /);
    expect(stderr).not.toMatch(/access-1|refresh-1/);
  });
});

describe('labctl without a home', () => {
  it('says what to set', async () => {
    const { code, stderr } = await labctl.run(['get', 'servers'], { env: { HOME: undefined } });
    expect(stderr).toMatch(
      /^error: HOME is not set.*\nhint: Set HOME or XDG_CONFIG_HOME, or LABCTL_CONFIG to a file\.\n$/,
    );
    expect(code).toBe(1);
  });

  it('works with what the environment says', async () => {
    const labd = await FakeLabd.start();
    const { code, stderr } = await labctl.run(['get', 'servers'], {
      env: { HOME: undefined, LABCTL_SERVER: labd.url, LABCTL_TOKEN: labd.tokens.accessToken },
    });
    await labd.stop();
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'No servers found.\n' });
  });
});
