import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SimulatedMachine, runMark } from '@lab/testing';
import { root } from '../checkout.js';
import { LabUnderTest, eventually, freePort, layTree, type CommandResult } from '../lab-under-test.js';
import type { InstallLogs, InstallResource, ServerResource } from '../resources.js';

interface Status {
  running: boolean;
  status?: string;
  link?: string;
  pid?: number;
  supervisor?: number | null;
  labd?: { pid?: number; url?: string; status: string };
  joined?: string;
}

const MAC = '52:54:00:00:0a:01';

/** A wire to labd that tells of each request that goes over it. */
class Wire {
  onRequest: (line: string) => void = () => undefined;

  private constructor(private readonly server: Server) {}

  static async to(port: number): Promise<Wire> {
    const server = createServer();
    const wire = new Wire(server);
    server.on('connection', (near) => {
      const far = connect(port, '127.0.0.1');
      for (const [from, other] of [
        [near, far],
        [far, near],
      ] as const) {
        from.on('error', () => other.destroy()).on('close', () => other.destroy());
      }
      near.on('data', (chunk: Buffer) => {
        far.write(chunk);
        const line = /^POST \S+/.exec(chunk.toString('latin1', 0, 200))?.[0];
        if (line !== undefined) wire.onRequest(line);
      });
      far.pipe(near);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return wire;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
  }
}

describe('a site that stands alone', () => {
  let central: LabUnderTest;
  let wire: Wire;
  let home: string;
  let folder: string;
  let env: NodeJS.ProcessEnv;
  let siteUrl: string;
  let bastionUrl: string;
  let machine: SimulatedMachine;

  beforeAll(async () => {
    central = await LabUnderTest.create();
    await central.lab.startLabd();
    wire = await Wire.to(Number(new URL(central.lab.labdUrl).port));
    home = mkdtempSync(join(tmpdir(), 'a "site" of its own 100% ü '));
    folder = join(home, 'bastion');
    layTree(folder, 'fedora-43');
    const [labdPort, bastionPort] = [await freePort(), await freePort()];
    siteUrl = `http://127.0.0.1:${labdPort}`;
    bastionUrl = `http://127.0.0.1:${bastionPort}`;
    env = {
      ...process.env,
      ...runMark(),
      NODE_OPTIONS: '',
      LABCTL_CONFIG: join(home, 'labctl.yaml'),
      LABD_PORT: String(labdPort),
      BASTION_PORT: String(bastionPort),
      BASTION_NAME: 'site-a',
      BASTION_DIR: folder,
    };
  });
  afterAll(async () => {
    await labctl('bastion', 'stop').result;
    wire.close();
    await central.stop();
    rmSync(home, { recursive: true, force: true });
  });

  function labctl(...args: string[]): { result: Promise<CommandResult>; kill: () => void } {
    const child = spawn(process.execPath, [join(root, 'apps/labctl/bin/run.js'), ...args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const seen: CommandResult = { code: null, stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (seen.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (seen.stderr += text));
    const result = new Promise<CommandResult>((resolve, reject) => {
      child.once('error', reject);
      // A process that it left running may hold its output open.
      child.once('exit', (code) => setImmediate(() => resolve({ ...seen, code })));
    });
    return { result, kill: () => void child.kill('SIGKILL') };
  }
  const status = async (): Promise<Status> =>
    JSON.parse((await labctl('bastion', 'status', '-o', 'json').result).stdout) as Status;
  const serverAt = async (phase: string): Promise<ServerResource> =>
    eventually(`${MAC} is ${phase}`, async () => {
      const { code, stdout } = await labctl('get', 'server', MAC, '-o', 'json').result;
      const server = code === 0 ? (JSON.parse(stdout) as ServerResource) : undefined;
      return server?.status.phase === phase ? server : undefined;
    });

  it('starts with one command, which logs labctl in; a second start says that it runs', async () => {
    const started = await labctl('init', 'bastion', 'standalone').result;
    expect(started).toMatchObject({ code: 0, stdout: expect.stringContaining(siteUrl) });
    expect(await labctl('get', 'bastions', '-o', 'name').result).toMatchObject({
      stdout: 'bastion/site-a\n',
    });
    expect(await labctl('bastion', 'start', '--standalone').result).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('runs in'),
    });
    expect(await status()).toMatchObject({ status: 'ready', link: 'established', labd: { status: 'ready' } });
  });

  it('starts again what crashes, and says so', async () => {
    const { labd, pid = 0 } = await status();
    process.kill(labd?.pid ?? 0, 'SIGKILL');
    await eventually('labd runs again', async () => {
      const now = await status();
      return now.labd?.status === 'ready' && now.labd.pid !== labd?.pid ? true : undefined;
    });
    expect((await status()).pid).toBe(pid);
    process.kill(pid, 'SIGKILL');
    await eventually('the bastion runs again', async () => {
      const now = await status();
      return now.link === 'established' && now.pid !== pid ? true : undefined;
    });
    const log = readFileSync(join(folder, 'standalone.log'), 'utf8');
    expect(log).toMatch(/labd ended unasked \(SIGKILL\)[\s\S]*labd runs again[\s\S]*bastion ended unasked/);
  });

  it('installs a machine', async () => {
    machine = new SimulatedMachine({
      bastionUrl,
      mac: MAC,
      linesPerStage: 60,
      pace: { stageMs: 0, pollMs: 200 },
    });
    const run = machine.run();
    await serverAt('discovered');
    const order = ['--os', 'fedora-43', '--role', 'worker', '--hostname', 'node1'];
    expect(await labctl('provision', MAC, ...order).result).toMatchObject({ code: 0 });
    await run;
    await serverAt('installed');
    expect(machine.history.boots).toEqual(['discover', 'install', 'local-disk']);
    expect(await labctl('create', 'network', 'lab', '--cidr', '10.77.0.0/24').result).toMatchObject({
      code: 0,
    });
  });

  it('says what is in the way of a join before anything changes', async () => {
    const made = await central.request('/tokens', { method: 'POST', body: {} });
    const { status: created } = (await made.json()) as { status: { token: string } };
    writeFileSync(join(home, 'token'), created.token);
    const taken = { metadata: { name: 'lab' }, spec: { cidr: '10.1.0.0/24' } };
    await central.request('/networks', { method: 'POST', body: taken });
    const refused = await labctl('bastion', 'join', wire.url, '--token-file', join(home, 'token')).result;
    expect(refused).toMatchObject({
      stdout: expect.stringContaining('In the way: network/lab: there is a network of that name'),
      stderr: expect.stringContaining('nothing has changed'),
    });
    expect(refused.code).not.toBe(0);
    await central.request('/networks/lab', { method: 'DELETE' });
    const dry = await labctl('bastion', 'join', wire.url, '--token-file', join(home, 'token'), '--dry-run')
      .result;
    expect(dry).toMatchObject({ code: 0, stdout: expect.stringContaining('1 servers, 1 networks') });
    expect(await status()).toMatchObject({ link: 'established', labd: { status: 'ready' } });
  });

  it('joins a central labd, though it is killed at every step: all of its history is there, nothing twice', async () => {
    const server = await serverAt('installed');
    const { stdout } = await labctl('get', 'install', server.status.install?.id ?? '', '-o', 'json').result;
    const installed = JSON.parse(stdout) as InstallResource;
    const arguments_ = ['bastion', 'join', wire.url, '--token-file', join(home, 'token')];
    const steps = [/handovers\/check$/, /handovers$/, /\/parts$/, /\/parts$/, /\/complete$/];
    for (const step of steps) {
      const killed = labctl(...arguments_);
      wire.onRequest = (line) => {
        if (step.test(line)) killed.kill();
      };
      await killed.result;
      wire.onRequest = () => undefined;
    }
    // Nobody decides for the machines meanwhile but who will in the end.
    expect(await labctl('bastion', 'start', '--standalone').result).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('has not ended'),
    });
    const joined = await labctl(...arguments_).result;
    expect(joined).toMatchObject({ code: 0, stderr: '' });
    expect(joined.stdout).toContain('joined');
    expect(await labctl(...arguments_).result).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('already'),
    });

    const there = await central.get<ServerResource>(`/servers/${MAC}`);
    expect(there?.metadata.id).toBe(server.metadata.id);
    expect(there?.metadata.name).toBe('node1');
    expect(await central.get(`/networks/lab`)).toMatchObject({ spec: { cidr: '10.77.0.0/24' } });
    const install = await central.get<InstallResource>(`/installs/${server.status.install?.id ?? ''}`);
    expect(install?.stages).toEqual(installed.stages);
    const lines: string[] = [];
    for (let after: number | null = 0; after !== null;) {
      const page: InstallLogs | undefined = await central.get(
        `/servers/${MAC}/logs?after=${after}&limit=1000`,
      );
      lines.push(
        ...(page?.lines ?? [])
          .filter(({ source }) => !['bastion', 'netboot'].includes(source))
          .map(({ text }) => text),
      );
      after = page?.next ?? null;
    }
    expect(lines).toEqual(machine.history.lines);
    const { items } = (await central.get<{ items: unknown[] }>('/servers?limit=1000')) ?? { items: [] };
    expect(items).toHaveLength(1);
  });

  it('goes on with its bastion alone, by the plan of the central labd; its own labd is retired', async () => {
    await eventually('the bastion is linked', async () => {
      const { link, joined } = await status();
      return link === 'established' && joined === wire.url ? true : undefined;
    });
    await expect(fetch(`${siteUrl}/readyz`)).rejects.toThrow();
    await machine.run();
    expect(machine.history.boots).toEqual(['discover', 'install', 'local-disk', 'local-disk']);

    await labctl('bastion', 'stop').result;
    // A service that goes on with the command that it knows starts the bastion, and no second authority.
    expect(await labctl('bastion', 'start', '--standalone').result).toMatchObject({ code: 0 });
    expect(await status()).not.toHaveProperty('labd');
    await expect(fetch(`${siteUrl}/readyz`)).rejects.toThrow();
    expect(existsSync(join(folder, 'labd', 'postgres'))).toBe(true);
    const labd = spawn(process.execPath, [join(root, 'apps/labd/bin/labd.js')], {
      env: { ...env, LABD_DATA_DIR: join(folder, 'labd') },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    labd.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    const code = await new Promise((resolve) => labd.once('close', resolve));
    expect({ code, said }).toEqual({ code: 1, said: expect.stringContaining(`handed over to ${wire.url}`) });
    await eventually('it is linked', async () =>
      (await status()).link === 'established' ? true : undefined,
    );
  });
});
