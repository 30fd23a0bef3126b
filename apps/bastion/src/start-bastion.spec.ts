import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { runMark } from '@lab/testing';
import { NO_LABD, configIn, startIn, temporaryFolder } from '../test/bastion-fixture.js';
import { loadConfig } from './config.js';

const PROGRAM = fileURLToPath(new URL('../bin/bastion.js', import.meta.url));

/** Runs the built program to its end. */
async function runProgram(env: Record<string, string>): Promise<{ code: number; stderr: string }> {
  const child = spawn(process.execPath, [PROGRAM], {
    env: { ...runMark(), LABD_URL: NO_LABD, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return { code: Number(code), stderr };
}

describe('The settings of a bastion', () => {
  it('have sound defaults', () => {
    expect(loadConfig({})).toMatchObject({
      folder: '/tmp/lab-bastion',
      host: '127.0.0.1',
      port: 7071,
      url: null,
      labd: null,
      dhcp: null,
      discoveryProfile: 'fedora-43',
    });
  });

  it('take a DHCP range with netmask and lease, or without', () => {
    const range = (value: string) =>
      loadConfig({ BASTION_DHCP_INTERFACE: 'lab0', BASTION_DHCP_RANGE: value }).dhcp?.range;
    expect(range('192.168.77.100,192.168.77.200')).toEqual({
      from: '192.168.77.100',
      to: '192.168.77.200',
      netmask: null,
      lease: '1h',
    });
    expect(range('192.168.77.100,192.168.77.200,255.255.255.0,30m')).toMatchObject({
      netmask: '255.255.255.0',
      lease: '30m',
    });
  });

  it.each([
    ['192.168.77.0', { from: '192.168.77.0', to: '192.168.77.0', netmask: null }],
    ['192.168.77.0,255.255.255.0', { from: '192.168.77.0', netmask: '255.255.255.0' }],
    ['192.168.77.1,192.168.77.9', { from: '192.168.77.1', to: '192.168.77.9', netmask: null }],
  ])('name the network of proxy mode by %s', (range, expected) => {
    const { dhcp } = loadConfig({
      BASTION_DHCP_INTERFACE: 'lab0,lab1',
      BASTION_DHCP_RANGE: range,
      BASTION_DHCP_MODE: 'proxy',
    });
    expect(dhcp).toMatchObject({ mode: 'proxy', interfaces: ['lab0', 'lab1'], range: expected });
  });

  it('need no range where labd says what is served', () => {
    const env = { BASTION_DHCP_INTERFACE: 'lab0', LABD_URL: 'http://127.0.0.1:7070' };
    expect(loadConfig(env).dhcp).toMatchObject({ interfaces: ['lab0'], range: null });
  });

  it.each([
    [{ BASTION_PORT: 'http' }, 'BASTION_PORT'],
    [{ BASTION_PORT: '70000' }, 'BASTION_PORT'],
    [{ BASTION_HOST: 'somewhere' }, 'BASTION_HOST'],
    [{ BASTION_URL: 'http://bastion.lab:7071' }, 'BASTION_URL'],
    [{ BASTION_URL: 'http://1.2.3.4:7071/x,y' }, 'BASTION_URL'],
    [{ LABD_URL: 'ftp://x' }, 'LABD_URL'],
    [{ BASTION_NAME: 'a b' }, 'BASTION_NAME'],
    [{ BASTION_DHCP_INTERFACE: 'lab0,lo' }, 'BASTION_DHCP_INTERFACE'],
    [{ BASTION_DHCP_INTERFACE: 'lab0,,lab1' }, 'BASTION_DHCP_INTERFACE'],
    [{ BASTION_DHCP_INTERFACE: 'lab0 lab1' }, 'BASTION_DHCP_INTERFACE'],
    [{ BASTION_DHCP_INTERFACE: 'lab0', BASTION_DHCP_MODE: 'proxy' }, 'BASTION_DHCP_RANGE'],
    [{ BASTION_DHCP_INTERFACE: 'lab0', BASTION_DHCP_RANGE: '1.2.3.0,255.255.255.0' }, 'BASTION_DHCP_RANGE'],
    [{ BASTION_DHCP_INTERFACE: 'lab0' }, 'BASTION_DHCP_RANGE'],
    [{ BASTION_DHCP_INTERFACE: 'lab0', BASTION_DHCP_RANGE: '1.2.3.4' }, 'BASTION_DHCP_RANGE'],
    [{ BASTION_DHCP_INTERFACE: 'lab0', BASTION_DHCP_RANGE: '10.0.0.9,10.0.0.1' }, 'BASTION_DHCP_RANGE'],
    [
      { BASTION_DHCP_INTERFACE: 'lab0', BASTION_DHCP_RANGE: '10.0.0.1,10.0.0.9,1h\nport=53' },
      'BASTION_DHCP_RANGE',
    ],
    [{ BASTION_DHCP_MODE: 'both' }, 'BASTION_DHCP_MODE'],
  ])('%j are refused by name', (env, name) => {
    expect(() => loadConfig(env)).toThrow(
      expect.objectContaining({ code: 'environment', message: expect.stringContaining(name) }),
    );
  });

  it('name every variable that is wrong at once', () => {
    expect(() => loadConfig({ BASTION_PORT: 'x', BASTION_NAME: ' ' })).toThrow(/BASTION_PORT.*BASTION_NAME/);
  });
});

describe('A bastion that can not start says why in a line, and ends with 1', () => {
  const inOneLine = (stderr: string): void => {
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toContain('hint:');
    expect(stderr).not.toMatch(/\n\s+at /);
  };

  it('when its port is in use', async () => {
    await using folder = await temporaryFolder();
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await runProgram({ BASTION_DIR: folder.path, BASTION_PORT: String(port) });
    other.close();
    expect(code).toBe(1);
    expect(stderr).toContain(`Port ${port} of 127.0.0.1 is in use`);
    inOneLine(stderr);
  });

  it('when its folder is a file, or below one', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'file');
    await writeFile(file, '');
    for (const path of [file, join(file, 'below')]) {
      const { code, stderr } = await runProgram({ BASTION_DIR: path, BASTION_PORT: '0' });
      expect(code).toBe(1);
      expect(stderr).toContain('BASTION_DIR');
      inOneLine(stderr);
    }
  });

  it('when another bastion runs in its folder, and that one goes on', async () => {
    await using folder = await temporaryFolder();
    const first = await startIn(folder.path);
    const { code, stderr } = await runProgram({ BASTION_DIR: folder.path, BASTION_PORT: '0' });
    expect(code).toBe(1);
    expect(stderr).toContain('Another bastion');
    inOneLine(stderr);
    expect((await fetch(`${first.url}/healthz`)).status).toBe(200);
    await first.stop();
  });

  it('when dnsmasq is missing', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'ipxe.efi'), 'MZ');
    const { code, stderr } = await runProgram({
      BASTION_DIR: folder.path,
      BASTION_PORT: '0',
      BASTION_IPXE_DIR: folder.path,
      BASTION_DHCP_INTERFACE: 'lab0',
      BASTION_DHCP_RANGE: '10.0.0.1,10.0.0.9',
      BASTION_DNSMASQ: join(folder.path, 'no-dnsmasq'),
    });
    expect(code).toBe(1);
    expect(stderr).toContain('dnsmasq');
    inOneLine(stderr);
  });

  it('when iPXE is missing where machines are to be booted', async () => {
    await using folder = await temporaryFolder();
    const { code, stderr } = await runProgram({
      BASTION_DIR: folder.path,
      BASTION_PORT: '0',
      BASTION_IPXE_DIR: folder.path,
      BASTION_DHCP_INTERFACE: 'lab0',
      BASTION_DHCP_RANGE: '10.0.0.1,10.0.0.9',
    });
    expect(code).toBe(1);
    expect(stderr).toContain('iPXE for UEFI was not found');
    inOneLine(stderr);
  });

  it('when no labd is named, with both ways out; and what is in its folder is still there', async () => {
    await using folder = await temporaryFolder();
    const machines = join(folder.path, 'machines.ndjson');
    await writeFile(machines, '{"mac":"52:54:00:00:00:01","seenAt":"","nics":[],"disks":[]}\n');
    const { code, stderr } = await runProgram({ BASTION_DIR: folder.path, BASTION_PORT: '0', LABD_URL: '' });
    expect(code).toBe(1);
    expect(stderr).toContain('LABD_URL is not set');
    expect(stderr).toContain('labctl bastion start --standalone');
    expect(stderr).toContain('BASTION_JOIN_TOKEN_FILE');
    inOneLine(stderr);
    expect(await readFile(machines, 'utf8')).toContain('52:54:00:00:00:01');
  });

  it('when its assets are missing', async () => {
    await using folder = await temporaryFolder();
    const { code, stderr } = await runProgram({
      BASTION_DIR: folder.path,
      BASTION_PORT: '0',
      BASTION_ASSETS_DIR: join(folder.path, 'nothing'),
    });
    expect(code).toBe(1);
    inOneLine(stderr);
  });
});

describe('A bastion', () => {
  it('takes over the folder of one that was killed', async () => {
    await using folder = await temporaryFolder();
    const child = spawn(process.execPath, [PROGRAM], {
      env: { ...runMark(), LABD_URL: NO_LABD, BASTION_DIR: folder.path, BASTION_PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await readFile(join(folder.path, 'lock'), 'utf8')).toContain(String(child.pid));
    const next = await startIn(folder.path);
    await next.stop();
  });

  it('ends with 0 on SIGTERM, and leaves no lock', async () => {
    await using folder = await temporaryFolder();
    const child = spawn(process.execPath, [PROGRAM], {
      env: { ...runMark(), LABD_URL: NO_LABD, BASTION_DIR: folder.path, BASTION_PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect((await once(child, 'exit'))[0]).toBe(0);
    await expect(readFile(join(folder.path, 'lock'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('makes its folder when it is not there', async () => {
    await using folder = await temporaryFolder();
    const deep = join(folder.path, 'a', 'b');
    const bastion = await startIn(deep);
    await bastion.stop();
    await mkdir(join(deep, 'c'));
  });

  it('starts without a labd that is away, and says so', async () => {
    await using folder = await temporaryFolder();
    const bastion = await startIn(folder.path, { LABD_URL: 'http://127.0.0.1:1' });
    const ready = (await (await fetch(`${bastion.url}/readyz`)).json()) as { status: string; link: string };
    expect(ready.status).toBe('ready');
    expect(ready.link).not.toBe('established');
    await bastion.stop();
    expect(configIn(folder.path).folder).toBe(folder.path);
  });
});
