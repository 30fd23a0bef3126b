import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { FakeLabd } from './fake-labd.js';
import { Labctl } from './run-labctl.js';

let labd: FakeLabd;
let labctl: Labctl;

beforeEach(async () => {
  labd = await FakeLabd.start();
  labctl = new Labctl();
});

afterEach(async () => {
  labctl.remove();
  await labd.stop();
});

interface Config {
  currentContext: string;
  contexts: Record<string, Record<string, string>>;
}
const config = (): Config => parse(labctl.config()) as Config;

describe('labctl login', () => {
  it('keeps the session in a file that only its owner reads', async () => {
    const { code, stderr } = await labctl.run(
      ['login', labd.url, '--username', 'admin', '--password-file', '-'],
      {
        stdin: 'secret\n',
      },
    );
    expect(stderr).toBe(`Logged in at ${labd.url} as admin (context "local").\n`);
    expect(code).toBe(0);
    expect(config()).toMatchObject({
      currentContext: 'local',
      contexts: {
        local: { server: labd.url, username: 'admin', accessToken: 'access-2', refreshToken: 'refresh-2' },
      },
    });
    expect(statSync(labctl.configFile).mode & 0o777).toBe(0o600);
    expect(readdirSync(dirname(labctl.configFile))).toEqual(['config.yaml']);
    expect((await labctl.run(['auth', 'whoami', '-o', 'name'])).stdout).toBe('admin\n');
  });

  it('refuses a wrong password with exit code 4 and changes nothing', async () => {
    const file = join(labctl.home, 'password');
    writeFileSync(file, 'guess');
    const { code, stderr } = await labctl.run([
      'login',
      labd.url,
      '--username',
      'admin',
      '--password-file',
      file,
    ]);
    expect(stderr).toContain('error: The user name or the password is wrong\nhint: ');
    expect(code).toBe(4);
    expect(() => labctl.config()).toThrow();
  });

  it('names the flag where there is no terminal', async () => {
    const { code, stderr } = await labctl.run(['login', labd.url, '--username', 'admin']);
    expect(stderr).toContain('--password-file');
    expect(code).toBe(2);
  });

  it('asks on a terminal and does not show the password', async () => {
    const running = labctl.startOnTerminal(['login', labd.url]);
    await running.said('User name: ');
    running.type('admin\r');
    await running.said('Password at');
    running.type('sexx\u007f\u007fcret\r');
    const { code, stdout } = await running.result;
    expect(stdout).toContain('as admin');
    expect(stdout).not.toContain('cret');
    expect(code).toBe(0);
  });

  it('ends with 130 on Ctrl-C at the prompt', async () => {
    const running = labctl.startOnTerminal(['login', labd.url, '--username', 'admin']);
    await running.said('Password at');
    running.type('\u0003');
    expect((await running.result).code).toBe(130);
  });
});

describe('a session', () => {
  it('that has expired is renewed without a word, and the new tokens are kept', async () => {
    labctl.loggedInAt(labd.url, labd.tokens);
    labd.endSession();
    expect(await labctl.run(['auth', 'whoami', '-o', 'name'])).toEqual({
      code: 0,
      stdout: 'admin\n',
      stderr: '',
    });
    expect(config().contexts['local']).toMatchObject({ accessToken: 'access-2', refreshToken: 'refresh-2' });
  });

  it('is renewed once by many labctl at the same time, and none loses it', async () => {
    labctl.loggedInAt(labd.url, labd.tokens);
    labd.endSession();
    const results = await Promise.all([1, 2, 3, 4].map(() => labctl.run(['auth', 'whoami', '-o', 'name'])));
    expect(results.map(({ code, stderr }) => `${code} ${stderr}`)).toEqual(['0 ', '0 ', '0 ', '0 ']);
    expect(labd.refreshes).toBe(1);
    expect(readdirSync(dirname(labctl.configFile))).toEqual(['config.yaml']);
  });

  it('is renewed although a labctl that held the lock was killed', async () => {
    labctl.loggedInAt(labd.url, labd.tokens);
    labd.endSession();
    const dead = {
      pid: 999_999_999,
      host: (await import('node:os')).hostname(),
      nonce: 'x',
      since: Date.now(),
    };
    writeFileSync(`${labctl.configFile}.lock`, JSON.stringify(dead));
    expect((await labctl.run(['auth', 'whoami', '-o', 'name'])).code).toBe(0);
  });

  it('survives Ctrl-C in the middle of its renewal', async () => {
    labctl.loggedInAt(labd.url, labd.tokens);
    labd.endSession();
    let arrived: (() => void) | undefined;
    const asked = new Promise<void>((resolve) => (arrived = resolve));
    labd.override = (path) => {
      if (path.endsWith('/refresh')) arrived?.();
      return false;
    };
    const running = labctl.start(['auth', 'whoami']);
    await asked;
    running.child.kill('SIGINT');
    expect((await running.result).code).toBe(130);
    expect(config().contexts['local']).toMatchObject({ refreshToken: 'refresh-2' });
  });

  it('that can not be renewed ends with exit code 4 and says what to do', async () => {
    labctl.loggedInAt(labd.url, labd.tokens);
    labd.endSession(true);
    const { code, stderr } = await labctl.run(['get', 'servers']);
    expect(stderr).toBe(
      `error: your session has ended at ${labd.url} (context "local")\nhint: Log in with labctl login.\n`,
    );
    expect(code).toBe(4);
  });

  it('is never sent to another server than its own', async () => {
    const other = await FakeLabd.start();
    const { url } = other;
    labctl.loggedInAt(labd.url, labd.tokens);
    const { code, stderr } = await labctl.run(['get', 'servers'], { env: { LABCTL_SERVER: url } });
    await other.stop();
    expect(other.requests).toEqual([]);
    expect(stderr).toContain(`error: you are not logged in at ${url}`);
    expect(code).toBe(4);
  });

  it('ends with logout, which forgets the tokens and keeps the context', async () => {
    labctl.loggedInAt(labd.url, labd.tokens);
    const { code } = await labctl.run(['logout']);
    expect(code).toBe(0);
    expect(labd.requests).toEqual(['POST /api/v1/auth/logout']);
    expect(config().contexts['local']).toEqual({ server: labd.url, username: 'admin' });
    expect((await labctl.run(['get', 'servers'])).code).toBe(4);
  });
});

describe('labctl config', () => {
  const two = () => ({
    currentContext: 'one',
    contexts: {
      one: { server: 'http://127.0.0.1:1', ...labd.tokens },
      two: { server: labd.url, ...labd.tokens, note: 'mine' },
    },
  });

  it('lists the contexts and marks the current one', async () => {
    labctl.configure(two());
    const { stdout } = await labctl.run(['config', 'get-contexts']);
    expect(stdout.split('\n')[0]).toMatch(/^CURRENT +NAME +SERVER +USER$/);
    expect(stdout.split('\n')[1]).toMatch(/^\* +one +http:\/\/127\.0\.0\.1:1 +admin$/);
  });

  it('switches the context and keeps what it does not know', async () => {
    labctl.configure(two());
    expect((await labctl.run(['config', 'use-context', 'two'])).code).toBe(0);
    expect((await labctl.run(['config', 'current-context'])).stdout).toBe('two\n');
    expect(config().contexts['two']).toMatchObject({ note: 'mine' });
    expect((await labctl.run(['get', 'servers'])).code).toBe(0);
  });

  it('lets the flag win over the environment, and that over the file', async () => {
    labctl.configure(two());
    expect((await labctl.run(['get', 'servers'])).code).toBe(1);
    expect((await labctl.run(['get', 'servers'], { env: { LABCTL_CONTEXT: 'two' } })).code).toBe(0);
    expect(
      (await labctl.run(['get', 'servers', '--context', 'one'], { env: { LABCTL_CONTEXT: 'two' } })).code,
    ).toBe(1);
  });

  it('refuses a context that does not exist', async () => {
    labctl.configure(two());
    const { code, stderr } = await labctl.run(['config', 'use-context', 'three']);
    expect(stderr).toBe('error: there is no context "three"\nhint: Contexts: one, two.\n');
    expect(code).toBe(2);
  });

  it('shows no secret', async () => {
    labctl.configure(two());
    const { stdout } = await labctl.run(['config', 'view']);
    expect(stdout).toContain('accessToken: REDACTED');
    expect(stdout).not.toMatch(/access-1|refresh-1/);
  });

  it('says which line of a broken file is wrong', async () => {
    labctl.configure({});
    writeFileSync(labctl.configFile, 'contexts:\n  one: [\n');
    const { code, stderr } = await labctl.run(['get', 'servers']);
    expect(stderr).toMatch(/^error: \S+config\.yaml can't be read as labctl's contexts: .* line \d/);
    expect(code).toBe(1);
  });
});
