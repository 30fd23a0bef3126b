import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Machine } from '../vm/machine.js';
import { VmLab } from '../vm-lab.js';

/** The steps of one story: each needs the ones before it. */
describe('a blank UEFI machine that knows HTTP Boot and no PXE, and starts from its disk first', () => {
  let site: VmLab;
  let machine: Machine;

  beforeAll(async () => {
    site = await VmLab.create();
    await site.lab.start();
    machine = await site.machine('web1', { netboot: 'http', bootOrder: 'disk-first' });
  }, 400_000);
  afterAll(() => site.stop(), 60_000);

  it('fetches iPXE by HTTP, and is discovered', async () => {
    await machine.powerOn();
    const { status } = await site.discovered(machine);
    expect(status.hardware.bootMode).toBe('uefi');
    expect(await machine.serial()).toMatch(/HTTP Boot over IPv4[^]*URI: http:\S+\/netboot\/ipxe\.efi/);
  }, 1_000_000);

  it('is installed, and starts its own system', async () => {
    const { status } = await site.installed(machine, 'web1');
    expect(status.system).toMatchObject({ hostname: 'web1' });
    // Nobody was asked: the installed disk comes before the network.
    const console = await machine.serial();
    expect(console.slice(console.lastIndexOf('reboot: Restarting system'))).not.toContain('Bastion local at');
  }, 1_000_000);
});
