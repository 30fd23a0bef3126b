import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SimulatedMachine } from '@lab/testing';
import { LabUnderTest, eventually } from '../lab-under-test.js';
import type { InstallLogs, InstallResource, ServerResource } from '../resources.js';

const LINES_PER_STAGE = 40;

describe('labd, a bastion and a simulated machine', () => {
  let lab: LabUnderTest;
  beforeAll(async () => {
    lab = await LabUnderTest.create();
    await lab.start();
  });
  afterAll(() => lab.stop());

  const server = (mac: string) => lab.json<ServerResource>('get', 'server', mac);
  const serverWhen = (mac: string, phase: string) => lab.serverIn(phase, mac);
  const api = async <T>(path: string): Promise<T> => {
    const answer = await lab.get<T>(path);
    if (answer === undefined) throw new Error(`${path} is not there`);
    return answer;
  };
  const allLines = async (mac: string): Promise<InstallLogs['lines']> => {
    const lines: InstallLogs['lines'] = [];
    for (let after = 0; ;) {
      const page = await api<InstallLogs>(`/servers/${mac}/logs?after=${after}&limit=1000`);
      lines.push(...page.lines);
      if (page.next === null) return lines;
      after = page.next;
    }
  };

  it('lose no stage and no log line when labd is killed in the middle of the install', async () => {
    const mac = '52:54:00:00:00:01';
    const machine = new SimulatedMachine({
      bastionUrl: lab.lab.bastionUrl,
      mac,
      linesPerStage: LINES_PER_STAGE,
      pace: { stageMs: 150, pollMs: 200 },
    });
    const run = machine.run();
    await serverWhen(mac, 'discovered');
    const queued = await lab.labctl(
      'provision',
      mac,
      '--os',
      'fedora-43',
      '--role',
      'worker',
      '--hostname',
      'node1',
    );
    expect(queued).toMatchObject({ code: 0, stdout: expect.stringContaining('server/node1 provisioning') });

    await eventually('the install is under way', () =>
      machine.history.stages.includes('disk ended') ? true : undefined,
    );
    await lab.lab.labd?.kill();
    const stagesAtDeath = machine.history.stages.length;
    await eventually('the install goes on without labd', () =>
      machine.history.stages.length > stagesAtDeath + 4 ? true : undefined,
    );
    await lab.lab.startLabd();
    await run;

    const installed = await serverWhen(mac, 'installed');
    expect(machine.history.boots).toEqual(['discover', 'install', 'local-disk']);
    const install = await api<InstallResource>(`/installs/${installed.status.install?.id ?? ''}`);
    const reported = new Set(machine.history.stages.map((entry) => entry.split(' ')[0]));
    for (const stage of reported) {
      expect(install.stages).toContainEqual(expect.objectContaining({ name: stage, state: 'succeeded' }));
    }
    expect(install.stages.map((stage) => stage.state)).not.toContain('running');
    const lines = await eventually('all lines are in the database', async () => {
      const found = (await allLines(mac)).filter(({ source }) => !['bastion', 'netboot'].includes(source));
      return found.length >= machine.history.lines.length ? found : undefined;
    });
    expect(lines.map((line) => line.text)).toEqual(machine.history.lines);
    expect(await server('node1')).toMatchObject({ status: { system: { osName: 'Simulated Linux 1' } } });
  });

  it('state the cause when a stage fails, and install at the second try', async () => {
    const mac = '52:54:00:00:00:02';
    const machine = new SimulatedMachine({
      bastionUrl: lab.lab.bastionUrl,
      mac,
      failAt: 'packages',
      pace: { stageMs: 0, pollMs: 200 },
    });
    const run = machine.run();
    await serverWhen(mac, 'discovered');
    await lab.labctl('provision', mac, '--os', 'fedora-43', '--role', 'worker', '--hostname', 'node2');
    await serverWhen(mac, 'failed');
    const described = await lab.labctl('describe', 'server', 'node2');
    expect(described.stdout).toMatch(/packages/);
    expect(described.stdout).toContain('the simulated command failed');
    const logs = await lab.labctl('logs', 'node2', '-f');
    expect(logs.code).toBe(6);

    const again = await lab.labctl('reprovision', 'node2', '--confirm', 'node2', '--wait');
    expect(again).toMatchObject({ code: 0 });
    await run;
    expect((await serverWhen(mac, 'installed')).status.install).toMatchObject({
      attempt: 2,
      state: 'succeeded',
    });
  });

  it('install a hundred machines at once', async () => {
    const machines = Array.from({ length: 100 }, (_, index) => {
      const mac = `52:54:01:00:00:${index.toString(16).padStart(2, '0')}`;
      return new SimulatedMachine({
        bastionUrl: lab.lab.bastionUrl,
        mac,
        pace: { stageMs: 20, pollMs: 500 },
      });
    });
    const runs = machines.map((machine) => machine.run());
    const discovered = await eventually('a hundred are discovered', async () => {
      const { items } = await api<{ items: ServerResource[] }>('/servers?status=discovered&limit=1000');
      return items.length === 100 ? items : undefined;
    });
    for (const { metadata } of discovered) {
      const body = { profile: 'fedora-43', role: 'worker' };
      const response = await lab.request(`/servers/${metadata.id}/provision`, { method: 'POST', body });
      expect(response.status).toBe(202);
    }
    await Promise.all(runs);
    await eventually('a hundred are installed', async () => {
      const { items } = await api<{ items: ServerResource[] }>('/servers?status=installed&limit=1000');
      return items.length >= 100 ? true : undefined;
    });
  });

  it('keep a watch of labctl going over the death of labd: nothing is said twice, nothing is missed', async () => {
    const network = (name: string, number: number) =>
      lab.labctl('create', 'network', name, '--cidr', `10.${number}.0.0/16`);
    await network('before', 81);
    const watch = lab.startLabctl(['get', 'networks', '-w', '-o', 'name']);
    const seen = (name: string) =>
      eventually(`the watch shows ${name}`, () =>
        watch.output().includes(`network/${name}\n`) ? true : undefined,
      );
    await seen('before');
    await network('meanwhile', 82);
    await seen('meanwhile');
    await lab.lab.labd?.kill();
    await lab.lab.startLabd();
    await network('after', 83);
    await seen('after');
    watch.interrupt();
    expect(await watch.result).toEqual({
      code: 130,
      stdout: 'network/before\nnetwork/meanwhile\nnetwork/after\n',
      stderr: '',
    });
  });
});
