import { cpSync, readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
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
    cutTree(site.installer.el, join(site.lab.lab.bastionDir, 'assets/test-installer-cut'));
    await site.lab.start();
    machine = await site.machine('node3');
  }, 400_000);
  afterAll(() => site.stop(), 60_000);

  it('says why it fails, when the list of packages is cut', async () => {
    await machine.powerOn();
    await site.lab.serverIn('discovered', machine.mac, 240_000);
    const order = ['--os', 'test-installer-cut', '--role', 'worker', '--hostname', 'node3'];
    expect(await site.lab.labctl('provision', machine.mac, ...order)).toMatchObject({ code: 0 });
    const mark = (await machine.serial()).length;
    await site.lab.serverIn('failed', machine.mac, 320_000);
    const { stdout } = await site.lab.labctl('describe', 'server', 'node3');
    expect(stdout).toMatch(/Cause: +in the stage "[^"]+": what was downloaded is damaged/);
    expect(stdout).toContain("Downloading successful, but checksum doesn't match");
    expect(stdout).toContain('read: docs/runbooks/failed-installs.md#checksum-mismatch');
    const { stderr } = await site.lab.labctl('logs', 'node3');
    expect(stderr).toMatch(/-- the install failed in the stage "[^"]+": what was downloaded is damaged/);
    await machine.serialContains(/Discovery: reporting this machine[^]*pre-installation scripts/, {
      after: mark,
    });
  }, 700_000);

  it('boots its own system, with packages of BaseOS and of AppStream', async () => {
    const order = ['--os', 'test-installer-el', '--disk-name', 'vda', '--confirm', 'node3'];
    expect(await site.lab.labctl('reprovision', 'node3', ...order)).toMatchObject({ code: 0 });
    const { status } = await site.lab.serverIn('installed', machine.mac, 420_000);
    expect(status.install).toMatchObject({ attempt: 2, state: 'succeeded' });
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

/** A tree whose list of packages ends too early, as of a mirror that was stopped in its sync. */
function cutTree(from: string, to: string): void {
  cpSync(from, to, { recursive: true });
  const folder = join(to, 'BaseOS/repodata');
  const list = readdirSync(folder).find((file) => file.endsWith('primary.xml.gz'));
  if (list === undefined) throw new Error('there is no list of packages');
  truncateSync(join(folder, list), 400);
}
