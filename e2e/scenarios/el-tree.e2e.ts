import { afterAll, beforeAll, expect, it, describe } from '@jest/globals';
import type { InstallResource } from '../resources.js';
import type { Machine } from '../vm/machine.js';
import { VmLab } from '../vm-lab.js';

/** No repository is at the root of such a tree: without `.treeinfo` nothing of it can be found. */
describe('a machine that is installed from a tree of the RHEL family', () => {
  let site: VmLab;
  let machine: Machine;

  beforeAll(async () => {
    site = await VmLab.create();
    await site.lab.start();
    machine = await site.machine('node3');
  }, 400_000);
  afterAll(() => site.stop(), 60_000);

  it('boots its own system, with packages of BaseOS and of AppStream', async () => {
    await machine.powerOn();
    await site.lab.serverIn('discovered', machine.mac, 240_000);
    const order = ['--os', 'test-installer-el', '--role', 'worker', '--hostname', 'node3'];
    const queued = await site.lab.labctl('provision', machine.mac, ...order);
    expect(queued).toMatchObject({ code: 0 });
    const { status } = await site.lab.serverIn('installed', machine.mac, 420_000);
    expect(status.install).toMatchObject({ attempt: 1, state: 'succeeded' });
    const install = await site.lab.get<InstallResource>(`/installs/${status.install?.id ?? ''}`);
    const packages = install?.stages.find((stage) => stage.name === 'packages');
    expect(packages).toMatchObject({ state: 'succeeded' });
    const { stdout } = await site.lab.labctl('logs', 'node3');
    // One from each, in the words of dnf 4's payload; the role needs the second.
    for (const name of ['openssh-server', 'conntrack-tools']) {
      expect(stdout).toMatch(new RegExp(`dnf_manager:Installed: ${name}-[0-9]`));
    }
    const took = Date.parse(packages?.endedAt ?? '') - Date.parse(packages?.startedAt ?? '');
    process.stderr.write(`the packages took ${(took / 1000).toFixed(1)} s\n`);
  }, 700_000);
});
