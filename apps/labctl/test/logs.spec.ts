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

describe('labctl logs', () => {
  it('prints every page of the log', async () => {
    for (let number = 1; number <= 8; number++) install.log(`line ${number}`);
    const { code, stdout, stderr } = await labctl.run(['logs', 'node1']);
    expect(stdout).toBe([1, 2, 3, 4, 5, 6, 7, 8].map((number) => `line ${number}\n`).join(''));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('prints the last lines, one stage, and times', async () => {
    install.log('one', 'disk');
    install.log('two', 'packages');
    install.log('three', 'disk');
    expect((await labctl.run(['logs', 'node1', '--tail', '1'])).stdout).toBe('three\n');
    expect((await labctl.run(['logs', 'node1', '--stage', 'disk'])).stdout).toBe('one\nthree\n');
    expect((await labctl.run(['logs', 'node1', '--tail', '1', '--timestamps'])).stdout).toBe(
      '2026-11-22T10:00:00.000Z three\n',
    );
  });

  it('neutralises escape sequences and keeps tabs', async () => {
    install.log('a\tb\u001b[2J\rc\u009b31m');
    expect((await labctl.run(['logs', 'node1'])).stdout).toBe('a\tb\uFFFD[2J\uFFFDc\uFFFD31m\n');
  });

  it('prints what is not older than --since', async () => {
    install.log('old');
    install.log('new', null, new Date().toISOString());
    expect((await labctl.run(['logs', 'node1', '--since', '5m'])).stdout).toBe('new\n');
    const { code, stderr } = await labctl.run(['logs', 'node1', '--since', 'noon']);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('--since: "noon" is not a duration'),
    });
  });

  it.each([
    ['startOnTerminal', /● Disk choice[^]*\| installing bash/],
    ['start', /^node1: Disk choice: running\n/m],
  ] as const)('shows the stages with -f --stages (%s)', async (start, shown) => {
    install.server.status.install = install.summary();
    const running = labctl[start](['logs', 'node1', '-f', '--stages']);
    await install.nextFollower();
    install.log('installing bash');
    install.stage('disk', { state: 'running', startedAt: new Date().toISOString() });
    await running.said(start === 'start' ? 'Disk choice: running' : '| installing bash');
    install.become('succeeded');
    const { code, stdout, stderr } = await running.result;
    expect(stdout + stderr).toMatch(shown);
    expect(code).toBe(0);
  });

  it('says that there is nothing yet', async () => {
    const { code, stdout, stderr } = await labctl.run(['logs', 'node1']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toBe('No log lines in install 2 (queued).\n');
  });

  it('refuses a stage that does not exist', async () => {
    const { code, stderr } = await labctl.run(['logs', 'node1', '--stage', 'disks']);
    expect(stderr).toContain('there is no stage "disks"\nhint: Did you mean disk?');
    expect(code).toBe(2);
  });
});

describe('labctl logs -f', () => {
  it('prints lines on stdout as they come, notices on stderr, and ends with the install', async () => {
    install.log('early');
    const running = labctl.start(['logs', 'node1', '-f']);
    await running.said('early');
    install.stage('packages', { state: 'running', startedAt: '2026-11-22T10:00:00.000Z' });
    install.log('late');
    await running.said('late');
    install.become('succeeded');
    const { code, stdout, stderr } = await running.result;
    expect(stdout).toBe('early\nlate\n');
    expect(stderr).toBe('-- install queued\n-- Packages: running\n-- install succeeded\n');
    expect(code).toBe(0);
  });

  it('ends with 6, cause and evidence when the install failed', async () => {
    install.log('hello');
    install.become('failed', diskFailure);
    const { code, stdout, stderr } = await labctl.run(['logs', 'node1', '-f']);
    expect(stdout).toBe('hello\n');
    expect(stderr).toContain(
      'failed in the stage "Disk choice": no disk matches the rule\n  at: %pre line 41\n',
    );
    expect(code).toBe(6);
  });

  it('ends with 6 when the install was cancelled', async () => {
    install.become('cancelled');
    const { code, stderr } = await labctl.run(['logs', 'node1', '-f']);
    expect(stderr).toContain('error: the install of node1 was cancelled\n');
    expect(code).toBe(6);
  });

  it('takes a lost connection up again from the last event, without a word and without repeats', async () => {
    const running = labctl.start(['logs', 'node1', '-f']);
    await install.nextFollower();
    install.log('one');
    await running.said('one');
    const again = install.nextFollower();
    install.cut();
    install.log('two');
    await again;
    install.log('three');
    install.become('succeeded');
    const { code, stdout, stderr } = await running.result;
    expect(stdout).toBe('one\ntwo\nthree\n');
    expect(stderr).toBe('-- install queued\n-- install succeeded\n');
    expect(install.connections).toEqual([undefined, '1']);
    expect(code).toBe(0);
  });

  it('shows the last lines of one stage and then all that come', async () => {
    for (let number = 1; number <= 3; number++) {
      install.log(`disk ${number}`, 'disk');
      install.log(`packages ${number}`, 'packages');
    }
    const running = labctl.start(['logs', 'node1', '-f', '--stage', 'disk', '--tail', '1']);
    await running.said('queued');
    install.log('packages 4', 'packages');
    install.log('disk 4', 'disk');
    install.become('succeeded');
    expect((await running.result).stdout).toBe('disk 3\ndisk 4\n');
  });

  it('ends with 130 on Ctrl-C', async () => {
    const running = labctl.start(['logs', 'node1', '-f']);
    await running.said('queued');
    running.child.kill('SIGINT');
    expect((await running.result).code).toBe(130);
  });

  it('ends when the server is not there', async () => {
    const { code, stderr } = await labctl.run(['logs', 'node9', '-f']);
    expect(stderr).toContain('There is no server "node9"');
    expect(code).toBe(1);
  });
});

describe('labctl describe server', () => {
  it('shows hardware, disks, stages, the cause of a failure and what to do next', async () => {
    install.stage('disk', {
      state: 'failed',
      startedAt: '2026-11-22T10:00:10.000Z',
      endedAt: '2026-11-22T10:00:13.000Z',
      message: 'no disk matches the rule',
    });
    install.become('failed', diskFailure);
    const { code, stdout } = await labctl.run(['describe', 'server', 'node1']);
    expect(code).toBe(0);
    for (const line of [
      /^Name: +node1$/m,
      /^Phase: +failed$/m,
      /^Bastion: +site-a$/m,
      /^ {2}Machine: +Dell Inc\. PowerEdge R640$/m,
      /^ {2}Memory: +16Gi$/m,
      /^ {2}ens3\* +52:54:00:00:00:01 +up +1000M +virtio_net +192\.168\.77\.100\/24 +<none>$/m,
      /^ {2}nvme0n1 +250Gi +nvme +lab0001 +no +QEMU NVMe Ctrl$/m,
      /^ {2}State: +failed$/m,
      /^ {4}Disk choice +failed +3s +no disk matches the rule$/m,
      /^ {2}Cause: +in the stage "Disk choice": no disk matches the rule$/m,
      /^ {4}command: choose_disk serial=lab0009 \(exit 1\)$/m,
      /^Next: +labctl logs node1 --install 2\n +labctl reprovision node1$/m,
    ]) {
      expect(stdout).toMatch(line);
    }
  });

  it('says which disks are paths of one LUN, and how to join two records', async () => {
    const { status } = install.server;
    const [disk] = status.disks;
    if (disk === undefined) throw new Error('a server without a disk');
    status.disks = ['sda', 'sdb'].map((name) => ({ ...disk, name, wwn: '0x600A' }));
    const message = 'If its board or a NIC was replaced, join them: labctl adopt node1 srv-000002';
    const since = '2026-11-22T10:00:00.000Z';
    status.conditions = [{ type: 'IdentityConflict', status: 'True', since, reason: 'SharedUuid', message }];
    const { stdout } = await labctl.run(['describe', 'server', 'node1']);
    expect(stdout).toMatch(/^ {2}sda, sdb: paths of one LUN, 0x600a$/m);
    expect(stdout).toContain(message);
    expect(stdout).toMatch(/^Next: +labctl adopt node1 srv-000002 --dry-run$/m);
  });

  it('shows a machine that was only discovered', async () => {
    const { stdout } = await labctl.run(['describe', 'srv/node1']);
    expect(stdout).toMatch(/^Install: +<none>$/m);
    expect(stdout).toMatch(/^Next: +labctl provision node1 --os PROFILE --role ROLE$/m);
  });

  it('refuses a type that can not be described', async () => {
    const { code, stderr } = await labctl.run(['describe', 'audit', '1']);
    expect(stderr).toContain("audit can't be used with describe");
    expect(code).toBe(2);
  });
});
