import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LinkedBastion, aMachine, runMark } from '@lab/testing';
import type { InstallDto } from '../src/provisioning/install.dto.js';
import type { LogPageDto } from '../src/provisioning/install-log.dto.js';
import type { ServerDto } from '../src/servers/server.dto.js';
import type { TestLabd } from './running-labd.js';

const BIN = fileURLToPath(new URL('../bin/labd.js', import.meta.url));

/** The program as it is built, in a process of its own. */
interface Program {
  process: ChildProcess;
  output: () => string;
  errors: () => string;
  /** Until the output matches; answers the first group. */
  says: (pattern: RegExp) => Promise<string>;
  exited: Promise<number | null>;
}

// Each start makes a database of its own, on machines that may be busy.
describe('the program', () => {
  let home: string;
  let running: Program[];
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'labd-program-'));
    running = [];
  });
  afterEach(async () => {
    for (const { process, exited } of running) {
      if (process.exitCode === null && process.signalCode === null) process.kill('SIGTERM');
      await exited;
    }
    await rm(home, { recursive: true, force: true });
  });

  function labd(variables: Record<string, string> = {}, ...words: string[]): Program {
    const child = spawn(process.execPath, [BIN, ...words], {
      env: {
        ...runMark(),
        PATH: process.env['PATH'],
        LABD_PORT: '0',
        LABD_DATA_DIR: join(home, 'labd'),
        ...variables,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [output, errors] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const exited = once(child, 'exit').then(([code]) => code as number | null);
    const program: Program = {
      process: child,
      output: () => output,
      errors: () => errors,
      exited,
      says: async (pattern) => {
        for (;;) {
          const found = pattern.exec(output);
          if (found !== null) return found[1] ?? '';
          if (child.exitCode !== null) throw new Error(`labd ended: ${errors}`);
          await once(child.stdout, 'data');
        }
      },
    };
    running.push(program);
    return program;
  }
  const listening = (program: Program) => program.says(/"url":"(http[^"]+)"/);
  async function client(program: Program, password: string): Promise<Pick<TestLabd, 'url' | 'call'>> {
    const url = await listening(program);
    let token: string | null = null;
    const call: TestLabd['call'] = async (method, path, body, chosen = token) => {
      const response = await fetch(url + path, {
        method,
        headers: {
          ...(chosen !== null && { authorization: `Bearer ${chosen}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: JSON.parse(await response.text()), headers: response.headers };
    };
    const login = await call<{ accessToken: string }>('POST', '/api/v1/auth/login', {
      username: 'admin',
      password,
    });
    token = login.body.accessToken;
    return { url, call };
  }

  it('prints the first password once, keeps its key to itself, and ends in order', async () => {
    const first = labd();
    const password = await first.says(/password: (\S+) /);
    const { call } = await client(first, password);
    expect((await call('GET', '/readyz', undefined, null)).status).toBe(200);
    expect((await call('GET', '/api/v1/servers')).status).toBe(200);
    expect((await stat(join(home, 'labd/audit.key'))).mode & 0o777).toBe(0o600);
    first.process.kill('SIGTERM');
    expect(await first.exited).toBe(0);
    expect(first.output().split(password)).toHaveLength(2);

    const second = labd();
    await client(second, password);
    expect(second.output()).not.toContain('password');
  });

  it('loses nothing when it is killed in the middle of an install', async () => {
    const first = labd();
    const password = await first.says(/password: (\S+) /);
    const before = await client(first, password);
    const bastion = await LinkedBastion.enrol(before, 'site-a');
    await bastion.connect();
    await bastion.sees(aMachine(1));
    const order = { profile: 'fedora-43', role: 'worker' };
    const { body } = await before.call<ServerDto>('POST', '/api/v1/servers/srv-000001/provision', order);
    const installId = body.status.install?.id ?? '';
    await bastion.reports(installId, ['boot', 'started'], ['pre', 'started']);
    await bastion.writes(installId, 1, 'one', 'two');
    // What isn't acked yet when labd dies stays in the spool.
    bastion.report(installId, 'packages', 'started');
    first.process.kill('SIGKILL');
    await first.exited;
    bastion.report(installId, 'post', 'ended');

    const second = labd({ LABD_PORT: new URL(before.url).port });
    const after = await client(second, password);
    await bastion.connect();
    await bastion.facts.settled();
    await bastion.writes(installId, 3, 'three');
    const { body: install } = await after.call<InstallDto>('GET', `/api/v1/installs/${installId}`);
    expect(install.state).toBe('finishing');
    expect(install.stages?.filter(({ state }) => state === 'succeeded').map(({ name }) => name)).toEqual(
      expect.arrayContaining(['boot', 'pre', 'packages', 'post']),
    );
    const { body: logs } = await after.call<LogPageDto>('GET', '/api/v1/servers/srv-000001/logs');
    expect(logs.lines.map(({ text }) => text)).toEqual(['one', 'two', 'three']);
    await bastion.disconnect();
  });

  it('is backed up while it runs, and goes on elsewhere from that', async () => {
    const first = labd();
    const password = await first.says(/password: (\S+) /);
    const { call } = await client(first, password);
    const network = { metadata: { name: 'lab' }, spec: { cidr: '10.0.0.0/24' } };
    expect((await call('POST', '/api/v1/networks', network)).status).toBe(201);
    const { body: head } = await call('GET', '/api/v1/audit/head');
    const file = join(home, 'lab.backup');
    const backup = labd({}, 'backup', file);
    expect(await backup.exited).toBe(0);
    expect(backup.output()).toMatch(/lab\.backup: \d+ rows of \d+ tables\n.*audit\.key/);
    await call('PATCH', '/api/v1/networks/lab', { spec: { vlan: 7 } });
    first.process.kill('SIGTERM');
    await first.exited;

    const elsewhere = { LABD_DATA_DIR: join(home, 'elsewhere') };
    const restored = labd(elsewhere, 'restore', file);
    expect({ code: await restored.exited, errors: restored.errors() }).toEqual({ code: 0, errors: '' });
    await copyFile(join(home, 'labd/audit.key'), join(home, 'elsewhere/audit.key'));
    const second = labd(elsewhere);
    const after = await client(second, password);
    expect((await after.call('GET', '/api/v1/networks/lab')).body).toMatchObject({
      spec: { cidr: '10.0.0.0/24', vlan: null },
    });
    expect((await after.call('POST', '/api/v1/audit/verify', { head })).body).toMatchObject({ intact: true });

    const again = labd(elsewhere, 'restore', file);
    expect(await again.exited).toBe(1);
    expect(again.errors()).toMatch(/^labd: the database is in use: .*\nhint: /);
  });

  it('finishes what it has begun when it is asked to end, and tells no secret to its log', async () => {
    const program = labd({ LABD_LOG_LEVEL: 'trace' });
    const password = await program.says(/password: (\S+) /);
    const url = await listening(program);
    const { accessToken, refreshToken } = (await post(`${url}/api/v1/auth/login`, {
      username: 'admin',
      password,
    })) as Record<'accessToken' | 'refreshToken', string>;
    const authorization = { authorization: `Bearer ${accessToken}` };
    const apiToken = (await post(
      `${url}/api/v1/apitokens`,
      { metadata: { name: 'ci' }, spec: {} },
      authorization,
    )) as { status: { token: string } };
    await fetch(`${url}/api/v1/servers?token=${accessToken}`, { headers: authorization });
    const watch = await fetch(`${url}/api/v1/watch`, { headers: authorization });
    expect(watch.status).toBe(200);
    const watched = watch.text();
    // Hashing a password takes a while: these are under way when the signal comes.
    const logins = Array.from({ length: 4 }, () =>
      post(`${url}/api/v1/auth/login`, { username: 'admin', password }),
    );
    await program.says(/\/api\/v1\/watch/).catch(() => undefined);
    program.process.kill('SIGTERM');
    const ended = await Promise.allSettled(logins);
    // Either it was answered in full, or it was never taken.
    for (const login of ended) {
      if (login.status === 'fulfilled') expect(login.value).toHaveProperty('accessToken');
    }
    await watched;
    expect(await program.exited).toBe(0);
    const log = program.output().replace(/^Administrator: .*$/m, '') + program.errors();
    const secrets = { password, accessToken, refreshToken, apiToken: apiToken.status.token };
    for (const [what, secret] of Object.entries(secrets)) {
      expect({ what, length: secret.length > 7, told: log.includes(secret) }).toEqual({
        what,
        length: true,
        told: false,
      });
    }
  });

  it('says in one message what keeps it from starting, and how to go on', async () => {
    const first = labd();
    const port = new URL(await listening(first)).port;
    const attempts: [string, Record<string, string>, RegExp][] = [
      [
        'a port in use',
        { LABD_PORT: port, LABD_DATA_DIR: join(home, 'other') },
        /port \d+ on 127\.0\.0\.1 is in use/,
      ],
      ['a data folder in use', {}, /in use/],
      ['a data folder that is none', { LABD_DATA_DIR: '/dev/null/labd' }, /can't be made/],
      [
        'a database that is away',
        { DATABASE_URL: 'postgresql://u:secret@127.0.0.1:1/lab' },
        /does not answer/,
      ],
      ['an address for all without TLS', { LABD_HOST: '0.0.0.0' }, /not a loopback address/],
    ];
    for (const [what, variables, message] of attempts) {
      const program = labd(variables);
      expect({ what, code: await program.exited }).toEqual({ what, code: 1 });
      expect(program.errors()).toMatch(message);
      expect(program.errors()).toMatch(/^labd: .*\nhint: .*\n$/);
      expect(program.errors()).not.toContain('secret');
    }
  });
});

async function post(url: string, body: object, headers: Record<string, string> = {}): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return response.json();
}
