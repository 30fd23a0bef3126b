import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mediaPrograms } from '@lab/testing';
import { Labctl } from './run-labctl.js';

/** The real bastion of this checkout, started and ended by labctl. */
describe('labctl bastion', () => {
  let labctl: Labctl;
  let folder: string;
  let env: Record<string, string>;
  beforeEach(() => {
    labctl = new Labctl();
    folder = join(labctl.home, 'site');
    // Nothing listens there: a labd that is away.
    env = {
      ...{ BASTION_PORT: '0', BASTION_DIR: folder, BASTION_LOG_LEVEL: 'error' },
      LABD_URL: 'http://127.0.0.1:1',
    };
  });
  afterEach(async () => {
    await labctl.run(['bastion', 'stop'], { env });
    labctl.remove();
  });
  const run = (...args: string[]) => labctl.run(['bastion', ...args], { env });

  it('starts, says how it is, and ends', async () => {
    expect(await run('status')).toEqual({ code: 3, stdout: `No bastion runs in ${folder}.\n`, stderr: '' });
    const started = await run('start');
    expect(started).toMatchObject({ code: 0, stderr: '' });
    expect(started.stdout).toMatch(
      /^bastion started \(process \d+\) at http:\/\/127\.0\.0\.1:\d+\nlabd is http:\/\/127\.0\.0\.1:1\.\n$/,
    );
    const status = await run('status');
    expect(status).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/Status: +ready\nDHCP: +off\nLink: +\w+/),
    });
    const data = JSON.parse((await run('status', '-o', 'json')).stdout) as { url: string; running: boolean };
    expect(data).toMatchObject({ folder, running: true, status: 'ready', machines: 0 });
    expect((await fetch(`${data.url}/healthz`)).status).toBe(200);
    const again = await run('start');
    expect(again).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`a bastion runs in ${folder} already`),
    });
    expect(await run('stop')).toEqual({ code: 0, stdout: 'bastion stopped\n', stderr: '' });
    expect(await run('stop')).toEqual({ code: 0, stdout: '', stderr: `No bastion runs in ${folder}.\n` });
    await expect(fetch(`${data.url}/healthz`)).rejects.toThrow();
  });

  it('looks at what its machine has: each finding with its fix, as text or as data, and an exit code', async () => {
    const assets = { BASTION_DISCOVERY_PROFILE: 'no-such-profile' };
    const text = await labctl.run(['bastion', 'doctor'], { env: { ...env, ...assets } });
    expect(text).toMatchObject({ code: 1, stderr: '' });
    expect(text.stdout).toMatch(/^CHECK +STATUS +FOUND\nbastion +skipped +none runs in /);
    expect(text.stdout).toMatch(
      /\nprofile +failed +there is no profile no-such-profile.*\n {2}fix: Set BASTION_DISCOVERY_PROFILE/,
    );
    const data = await labctl.run(['bastion', 'doctor', '-o', 'json'], {
      env: { ...env, BASTION_PORT: 'x' },
    });
    expect(data).toMatchObject({ code: 1, stderr: '' });
    expect(JSON.parse(data.stdout)).toEqual({
      findings: [
        {
          ...{ check: 'settings', status: 'failed', fix: 'Correct these environment variables.' },
          message: "The settings can't be used: BASTION_PORT must be a port number",
        },
      ],
    });
  });

  it('takes the folder of --dir before BASTION_DIR', async () => {
    const other = join(labctl.home, 'other');
    expect((await run('start', '--dir', other)).code).toBe(0);
    expect((await run('status')).code).toBe(3);
    expect((await run('status', '--dir', other)).code).toBe(0);
    expect((await run('stop', '--dir', other)).code).toBe(0);
  });

  it('does not start without a labd, and names both ways out', async () => {
    env['LABD_URL'] = '';
    const { code, stderr } = await run('start');
    expect(code).toBe(1);
    expect(stderr).toContain('LABD_URL is not set');
    expect(stderr).toContain('labctl bastion start --standalone');
    expect(stderr).toContain('BASTION_JOIN_TOKEN_FILE');
  });

  it('finds the one that runs where npm start or a unit keeps it, without being told', async () => {
    const home = join(labctl.home, 'lab');
    const found = join(home, 'bastion');
    env['LAB_HOME'] = home;
    expect((await run('start', '--dir', found)).code).toBe(0);
    env['BASTION_DIR'] = '';
    const status = await run('status', '-o', 'json');
    expect(JSON.parse(status.stdout)).toMatchObject({ folder: found, running: true });
    const doctor = await labctl.run(['doctor'], { env });
    expect(doctor.stdout).toMatch(
      new RegExp(`^bastion +ok +runs at http://127.0.0.1:\\d+; its folder is ${found};`, 'm'),
    );
    expect(await run('stop')).toMatchObject({ code: 0, stdout: 'bastion stopped\n' });
    expect(await run('stop')).toMatchObject({
      stderr: expect.stringContaining('No bastion runs in /tmp/lab-bastion'),
    });
  });

  it('says which site it is that it can not join', async () => {
    writeFileSync(join(labctl.home, 'token'), 'lab_join_x');
    const join_ = (...args: string[]) => run('join', ...args);
    expect(await join_('http://127.0.0.1:1')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--token-file'),
    });
    expect(await join_('http://127.0.0.1:1', '--token-file', join(labctl.home, 'token'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`no site stands alone in ${folder}`),
    });
    expect(await join_('--abandon')).toMatchObject({ code: 0, stdout: 'No join is under way.\n' });
  });

  it('says what is wrong with a site that is to be started, before anything starts', async () => {
    env['BASTION_PORT'] = '7071';
    const started = (...args: string[]) => run('start', '--standalone', ...args);
    expect(await started('--interface', 'no-such0')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/no network interface no-such0|no right to serve DHCP/),
    });
    expect(await started('--range', '10.0.0.1,10.0.0.9')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('--interface'),
    });
    env['LABD_PORT'] = 'seven';
    expect(await started()).toMatchObject({ code: 1, stderr: expect.stringContaining('LABD_PORT') });
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    env['LABD_PORT'] = String((taken.address() as AddressInfo).port);
    const { code, stderr } = await started();
    taken.close();
    expect(code).toBe(1);
    expect(stderr).toContain(`port ${env['LABD_PORT']} on 127.0.0.1 is in use`);
    writeFileSync(join(labctl.home, 'file'), '');
    expect(await started('--dir', join(labctl.home, 'file'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('hint:'),
    });
  });

  it('says why it could not start, in the bastion’s own words', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    env['BASTION_PORT'] = String(port);
    const { code, stderr } = await run('start');
    taken.close();
    expect(code).toBe(1);
    expect(stderr).toContain(`Port ${port} of 127.0.0.1 is in use`);
    expect(stderr).toContain('hint: Set BASTION_PORT');
  });

  it('takes no other process for a bastion that was killed', async () => {
    const sleeping = spawn('sleep', ['60']);
    mkdirSync(folder);
    writeFileSync(
      join(folder, 'running.json'),
      JSON.stringify({ pid: sleeping.pid, url: 'http://127.0.0.1:1' }),
    );
    expect((await run('status')).code).toBe(3);
    expect((await run('stop')).stderr).toContain('No bastion runs');
    expect(sleeping.exitCode).toBeNull();
    sleeping.kill();
  });

  it('stays in the foreground until Ctrl-C', async () => {
    const running = labctl.start(['bastion', 'start', '--foreground'], {
      env: { ...env, BASTION_LOG_LEVEL: 'info' },
    });
    await running.said('the bastion is up');
    expect((await run('status')).code).toBe(0);
    const { pid } = JSON.parse(readFileSync(join(folder, 'running.json'), 'utf8')) as { pid: number };
    process.kill(pid, 'SIGINT');
    const { code } = await running.result;
    expect(code).toBe(0);
    expect((await run('status')).code).toBe(3);
  });

  describe('iso', () => {
    let file: string;
    beforeEach(async () => {
      file = join(labctl.home, 'boot.iso');
      Object.assign(env, await mediaPrograms(labctl.home));
    });

    it('writes a boot medium of the bastion on this machine, and says for whom it is', async () => {
      await run('start');
      expect(await run('iso', '-o', file)).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(
          /boot\.iso written \(\d+Mi\), for any machine, with an address by DHCP\n$/,
        ),
      });
      expect(readFileSync(file).subarray(510, 520).toString('latin1')).toBe('\x55\xaaEFI PART');
      const args = ['--mac', '52-54-00-12-34-56', '--address', '10.0.0.2/24', '--gateway', '10.0.0.1'];
      expect(await run('iso', '-o', file, ...args)).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('for 52-54-00-12-34-56, with the address 10.0.0.2/24\n'),
      });
      expect(readFileSync(file).includes('set net${index}/ip 10.0.0.2\n')).toBe(true);
      expect(readdirSync(labctl.home).filter((name) => name.endsWith('.part'))).toEqual([]);
    });

    it('says what the bastion says against it, and leaves the file as it was', async () => {
      await run('start');
      writeFileSync(file, 'mine');
      const refused = await run('iso', '-o', file, '--address', '10.0.0.2/24');
      expect(refused.code).not.toBe(0);
      expect(refused.stderr).toMatch(/there is no way to http[^]*hint: Give a gateway/);
      expect((await run('iso', '-o', file, '--mac', 'x')).stderr).toContain('must be a MAC address');
      expect(readFileSync(file, 'utf8')).toBe('mine');
      expect((await run('iso', '-o', join(labctl.home, 'no/where.iso'))).stderr).toContain(
        "can't be written",
      );
    });

    it('says how to start a bastion, or to name one, where none runs', async () => {
      const { code, stderr } = await run('iso', '-o', file);
      expect(code).toBe(1);
      expect(stderr).toMatch(/no bastion runs in .*\nhint: .*--url/);
    });
  });
});
