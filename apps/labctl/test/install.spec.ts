import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeInstall } from './fake-install.js';
import { FakeLabd } from './fake-labd.js';
import { aServer, diskFailure } from './resources.js';
import { Labctl } from './run-labctl.js';

let labd: FakeLabd;
let labctl: Labctl;
let install: FakeInstall;

beforeEach(async () => {
  labd = await FakeLabd.start();
  labctl = new Labctl();
  labctl.loggedInAt(labd.url, labd.tokens);
  const server = aServer(1);
  labd.servers.push(server);
  install = new FakeInstall(server);
  labd.installs.set(install.id, install);
});

afterEach(async () => {
  labctl.remove();
  install.cut();
  await labd.stop();
});

const started = '2026-11-22T10:00:00.000Z';
const ended = '2026-11-22T10:01:12.000Z';
const condition = (type: string, message: string) => ({
  ...{ type, status: 'True', since: started, reason: 'Any', message },
});

describe('labctl provision', () => {
  it('sends what was said and prints what became of it', async () => {
    const { code, stdout } = await labctl.run(
      'provision server/node1 --os fedora-43 --role worker --hostname n1 --disk-serial S1 --disk-name sda --erase --layout big'.split(
        ' ',
      ),
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'server/node1 provisioning\n' });
    expect(labd.bodies).toEqual([
      {
        profile: 'fedora-43',
        role: 'worker',
        hostname: 'n1',
        disk: { serial: 'S1', name: 'sda' },
        allowErase: true,
        layout: 'big',
      },
    ]);
  });

  it('sends the public keys of a file, and refuses a private key before anything is sent', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lab-keys-'));
    const key = `ssh-ed25519 ${'A'.repeat(68)} admin@lab`;
    writeFileSync(join(folder, 'id.pub'), `# mine\n\n${key}\n`);
    writeFileSync(join(folder, 'id'), '-----BEGIN OPENSSH PRIVATE KEY-----\n');
    const provision = (file: string) =>
      labctl.run([
        'provision',
        'node1',
        '--os',
        'fedora-43',
        '--role',
        'worker',
        '--ssh-key',
        join(folder, file),
      ]);
    expect((await provision('id')).stderr).toMatch(/is a private key\nhint: Give the public one/);
    expect(labd.bodies).toEqual([]);
    expect((await provision('id.pub')).code).toBe(0);
    expect(labd.bodies).toEqual([{ profile: 'fedora-43', role: 'worker', sshKeys: [key] }]);
    rmSync(folder, { recursive: true });
  });

  it('needs a profile and a role', async () => {
    const { code, stderr } = await labctl.run(['provision', 'node1']);
    expect(stderr).toContain('missing: --os\n');
    expect(stderr).toContain('missing: --role\n');
    expect(code).toBe(2);
    expect(labd.requests).toEqual([]);
  });

  it("passes labd's refusal on", async () => {
    install.become('installing');
    const { code, stderr } = await labctl.run([
      'provision',
      'node1',
      '--os',
      'fedora-43',
      '--role',
      'worker',
    ]);
    expect(stderr).toBe(
      'error: an install is running already\nhint: Wait for the install, or cancel it.\nrequest ID: req-0001\n',
    );
    expect(code).toBe(1);
  });

  it('with --wait prints one line a change, and succeeds with the install', async () => {
    const running = labctl.start(['provision', 'node1', '--os', 'fedora-43', '--role', 'worker', '--wait']);
    await install.nextFollower();
    install.stage('disk', { state: 'running', startedAt: started });
    install.log('a line that is not shown');
    install.stage('disk', { state: 'succeeded', startedAt: started, endedAt: ended });
    install.become('succeeded');
    const { code, stdout, stderr } = await running.result;
    expect(stderr).toBe(
      'node1: queued\nnode1: Disk choice: running\nnode1: Disk choice: succeeded (1m12s)\nnode1: succeeded\n',
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'server/node1 installed\n' });
  });

  it('with --wait ends with 6, the cause and its evidence when the install fails', async () => {
    const running = labctl.start(['provision', 'node1', '--os', 'fedora-43', '--role', 'worker', '--wait']);
    await install.nextFollower();
    install.become('failed', diskFailure);
    const { code, stdout, stderr } = await running.result;
    expect(stderr).toContain(
      'error: the install of node1 failed in the stage "Disk choice": no disk matches the rule\n' +
        '  at: %pre line 41\n  command: choose_disk serial=lab0009 (exit 1)\n' +
        '  last lines:\n    | looking at nvme0n1\n    | no disk has the serial lab0009\n' +
        'hint: Read the log with labctl logs node1 --install 2; try again with labctl reprovision node1.\n',
    );
    expect({ code, stdout }).toEqual({ code: 6, stdout: '' });
  });

  it('warns of what is known to be wrong with the order', async () => {
    install.server.status.conditions = [condition('DiskMismatch', 'None of the disks\u001b[2J matches.')];
    const { code, stderr } = await labctl.run('provision node1 --os fedora-43 --role worker'.split(' '));
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'Warning: DiskMismatch: None of the disks\ufffd[2J matches.\n',
    });
  });

  it.each(['start', 'startOnTerminal'] as const)(
    'with --wait says that the install is stuck (%s)',
    async (start) => {
      const running = labctl[start]('provision node1 --os fedora-43 --role worker --wait'.split(' '));
      await install.nextFollower();
      install.server.status.conditions = [condition('Stuck', 'Nothing was heard.')];
      await running.said('Stuck: Nothing was heard.');
      install.become('succeeded');
      expect((await running.result).code).toBe(0);
    },
  );

  it('with --wait ends with 5 after the time-out', async () => {
    const { code, stderr } = await labctl.run(
      'provision node1 --os fedora-43 --role worker --wait --timeout 1s'.split(' '),
    );
    expect(stderr).toContain('error: the install of node1 is queued after 1s\nhint: It goes on');
    expect(code).toBe(5);
  });

  it('with --wait tells on Ctrl-C that the install goes on', async () => {
    const running = labctl.start(['provision', 'node1', '--os', 'fedora-43', '--role', 'worker', '--wait']);
    await running.said('queued');
    running.child.kill('SIGINT');
    const { code, stderr } = await running.result;
    expect(stderr).toContain('The install goes on. Watch it with labctl logs node1 -f');
    expect(code).toBe(130);
  });

  it('with --wait draws the stages over again on a terminal', async () => {
    const running = labctl.startOnTerminal([
      'provision',
      'node1',
      '--os',
      'fedora-43',
      '--role',
      'worker',
      '--wait',
    ]);
    await install.nextFollower();
    install.stage('disk', { state: 'succeeded', startedAt: started, endedAt: ended });
    await running.said('✓ Disk choice');
    install.become('succeeded');
    const { code, stdout } = await running.result;
    expect(stdout).toContain('\u001b[20A');
    expect(stdout).toContain('\u001b[32m✓ Disk choice                   1m12s\u001b[0m');
    expect(stdout.trimEnd().endsWith('server/node1 installed')).toBe(true);
    expect(code).toBe(0);
  });

  it.each([
    [{ NO_COLOR: '1' }, /\u001b\[\d*m/],
    [{ TERM: 'dumb' }, /\u001b/],
  ])('respects %j on a terminal', async (env, forbidden) => {
    const running = labctl.startOnTerminal('provision node1 --os fedora-43 --role worker --wait'.split(' '), {
      env,
    });
    await install.nextFollower();
    install.stage('disk', { state: 'succeeded', startedAt: started, endedAt: ended });
    install.become('succeeded');
    const { stdout } = await running.result;
    expect(stdout).toContain('Disk choice');
    expect(stdout).not.toMatch(forbidden);
  });
});

describe('labctl reprovision and forget', () => {
  it.each([['reprovision'], ['forget']])(
    '%s without a terminal and without --confirm does nothing',
    async (verb) => {
      const { code, stderr } = await labctl.run([verb, 'node1']);
      expect(stderr).toContain('--confirm');
      expect(code).toBe(2);
      expect(labd.requests).toEqual([]);
    },
  );

  it.each([['reprovision'], ['forget']])('%s refuses the name of another server', async (verb) => {
    const { code, stderr } = await labctl.run([verb, '52:54:00:00:00:01', '--confirm', 'node2']);
    expect(stderr).toContain('--confirm says "node2", but the name is "node1"');
    expect(code).toBe(2);
    expect(labd.requests).toEqual(['GET /api/v1/servers/52:54:00:00:00:01']);
  });

  it('reprovision goes on with the right name', async () => {
    const { code, stdout } = await labctl.run([
      'reprovision',
      'node1',
      '--os',
      'fedora-44',
      '--confirm',
      'node1',
    ]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'server/node1 provisioning\n' });
    expect(labd.bodies).toEqual([{ profile: 'fedora-44' }]);
  });

  it('forget goes on when the name is typed, and not when another is', async () => {
    const wrong = labctl.startOnTerminal(['forget', 'node1']);
    await wrong.said('Type the name "node1" to go on: ');
    wrong.type('node\r');
    expect((await wrong.result).code).toBe(2);
    expect(labd.servers).toHaveLength(1);

    const right = labctl.startOnTerminal(['forget', 'node1']);
    await right.said('Type the name "node1" to go on: ');
    right.type('node1\r');
    const { code, stdout } = await right.result;
    expect(stdout).toContain('server/node1 forgotten');
    expect(code).toBe(0);
    expect(labd.servers).toHaveLength(0);
  });

  it('forget can accept that there is none', async () => {
    const args = ['forget', 'node9', '--confirm', 'node9'];
    expect((await labctl.run(args)).code).toBe(1);
    expect((await labctl.run([...args, '--ignore-not-found'])).code).toBe(0);
  });
});

describe('labctl cancel', () => {
  it('says what it did', async () => {
    install.become('queued');
    const { code, stdout } = await labctl.run(['cancel', 'node1']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'server/node1 install cancelled\n' });
  });
});

describe('labctl orders', () => {
  it.each([
    'provision node1 --os fedora-43 --role worker',
    'reprovision node1',
    'cancel node1',
    'forget node1',
  ])('are not sent as a dry run to a labd that would take them for real: %s', async (line) => {
    labd.override = (path, response) => {
      if (path !== '/docs/openapi.json') return false;
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"paths":{}}');
      return true;
    };
    const { code, stderr } = await labctl.run([...line.split(' '), '--dry-run']);
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('too old for a dry run'),
    });
    expect(labd.requests.filter((request) => request.startsWith('POST'))).toEqual([]);
  });

  it('go on with the others of several when one is refused, each warned of by name', async () => {
    const other = aServer(2);
    other.status.conditions = [condition('DiskMismatch', 'None matches.')];
    labd.servers.push(other);
    install.become('queued');
    const { code, stdout, stderr } = await labctl.run(
      'provision node1 node2 --os fedora-43 --role worker'.split(' '),
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'server/node2 provisioning\n' });
    expect(stderr).toContain('error: an install is running already\n');
    expect(stderr).toContain('Warning: node2: DiskMismatch: None matches.\n');
  });

  it.each([
    ['--wait', 'provision node1 node2 --os fedora-43 --role worker --wait'],
    ['--hostname', 'provision node1 node2 --os fedora-43 --role worker --hostname n'],
  ])('of several servers refuse %s', async (flag, line) => {
    const { code, stderr } = await labctl.run(line.split(' '));
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`${flag} is for one server`),
    });
    expect(labd.requests).toEqual([]);
  });
});

describe('labctl wait', () => {
  it('ends when the phase is reached', async () => {
    install.become('installing');
    const running = labctl.start(['wait', 'server/node1', '--for=phase=installed', '--timeout=20s']);
    install.become('succeeded');
    expect(await running.result).toEqual({ code: 0, stdout: 'server/node1 condition met\n', stderr: '' });
  });

  it('ends at once with 6 when the server has failed', async () => {
    install.become('failed', diskFailure);
    const { code, stderr } = await labctl.run([
      'wait',
      'server/node1',
      '--for=phase=installed',
      '--timeout=20s',
    ]);
    expect(stderr).toContain('no disk matches the rule');
    expect(code).toBe(6);
  });

  it('ends with 5 after the time-out, and says how it stands', async () => {
    const { code, stderr } = await labctl.run([
      'wait',
      'server/node1',
      '--for=phase=installed',
      '--timeout=1s',
    ]);
    expect(stderr).toBe('error: waited 1s: server node1 is discovered\nhint: Wait longer with --timeout.\n');
    expect(code).toBe(5);
  });

  it('waits until a server is forgotten', async () => {
    labd.servers.pop();
    expect((await labctl.run(['wait', 'server/node1', '--for=delete'])).code).toBe(0);
  });
});
