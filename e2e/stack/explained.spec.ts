import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SimulatedMachine } from '@lab/testing';
import { LabUnderTest, eventually } from '../lab-under-test.js';

/** A machine is silent when nothing was heard for so long, in seconds; what labd says of it may take ten more. */
const SILENCE = 25;

describe('what labctl says of installs that do not succeed', () => {
  let lab: LabUnderTest;
  beforeAll(async () => {
    lab = await LabUnderTest.create({ LABD_SILENCE_SECONDS: String(SILENCE) });
    await lab.start();
  });
  afterAll(() => lab.stop());

  const machine = (mac: string, options: Partial<ConstructorParameters<typeof SimulatedMachine>[0]> = {}) =>
    new SimulatedMachine({
      bastionUrl: lab.lab.bastionUrl,
      mac,
      pace: { stageMs: 20, pollMs: 200 },
      ...options,
    });
  const provision = (mac: string, name: string, ...more: string[]) =>
    lab.labctl('provision', mac, '--os', 'fedora-43', '--role', 'worker', '--hostname', name, ...more);

  it('states the cause of a failure, its evidence, and what to do', async () => {
    const mac = '52:54:00:00:0e:01';
    const broken = machine(mac, {
      failAt: 'packages',
      failLines: ['Installing', 'No match for argument: k3s-selinux', 'giving up'],
    });
    const run = broken.run().catch(() => undefined);
    await lab.serverIn('discovered', mac);
    const { code, stderr } = await provision(mac, 'node1', '--wait');
    expect(code).toBe(6);
    expect(stderr).toContain(
      'the install of node1 failed in the stage "Packages": a package or group is not in the repositories',
    );
    broken.powerOff();
    await run;

    const described = await eventually('the log is in the cause', async () => {
      const { stdout } = await lab.labctl('describe', 'server', 'node1');
      return stdout.includes('No match for argument: k3s-selinux') ? stdout : undefined;
    });
    expect(described).toMatch(
      /Cause: +in the stage "Packages": a package or group is not in the repositories/,
    );
    expect(described).toMatch(
      /evidence \(line \d+ of the log, anaconda\):\n +> No match for argument: k3s-selinux/,
    );
    expect(described).toContain('read: docs/runbooks/failed-installs.md#package-missing');
    const logs = await lab.labctl('logs', 'node1');
    expect(logs.stdout).toContain('No match for argument: k3s-selinux');
    expect(logs.stderr).toContain('-- the install failed in the stage "Packages": a package or group');
  });

  it('says of a machine that lost its power since when nothing was heard, and what it was in', async () => {
    const mac = '52:54:00:00:0e:02';
    const doomed = machine(mac);
    const run = doomed.run().catch(() => undefined);
    await lab.serverIn('discovered', mac);
    await provision(mac, 'node2');
    await eventually('the machine is in its first stages', () =>
      doomed.history.stages.includes('partitioning started') ? true : undefined,
    );
    doomed.powerOff();
    const off = Date.now();
    await run;
    const followed = lab.startLabctl(['logs', 'node2', '-f']);
    try {
      const described = await eventually(
        'labctl says that the machine is silent',
        async () => {
          const { stdout } = await lab.labctl('describe', 'server', 'node2');
          return stdout.includes('Silent') ? stdout : undefined;
        },
        (SILENCE + 120) * 1000,
      );
      const said = (Date.now() - off) / 1000;
      expect(said).toBeGreaterThan(SILENCE - 10);
      expect(described).toMatch(/Stuck +True .*Silent +Nothing was heard of the machine since/);
      await eventually('the follower is told, too', () =>
        followed.output().includes('-- Stuck: Nothing was heard of the machine') ? true : undefined,
      );
    } finally {
      followed.interrupt();
      await followed.result;
    }
    expect((await lab.labctl('logs', 'node2')).stderr).toContain(
      '-- Stuck: Nothing was heard of the machine',
    );
  });
});
