import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Machine } from '../vm/machine.js';
import { VmLab } from '../vm-lab.js';

/** The steps of one story: each needs the ones before it. */
describe('a blank BIOS machine that boots over the network first', () => {
  let site: VmLab;
  let machine: Machine;

  beforeAll(async () => {
    site = await VmLab.create();
    await site.lab.start();
    await site.plainRoms();
    machine = await site.machine('old1', { firmware: 'bios', bootOrder: 'network-first' });
  }, 400_000);
  afterAll(() => site.stop(), 60_000);

  it('is discovered', async () => {
    await machine.powerOn();
    const { status } = await site.discovered(machine);
    expect(status.hardware.bootMode).toBe('bios');
    expect(await machine.serial()).toMatch(/Filename: undionly\.kpxe[^]*Bastion local at http/);
  }, 1_000_000);

  it('is installed, is told to start its disk when it asks again, and does', async () => {
    const { status } = await site.installed(machine, 'old1');
    expect(status.system).toMatchObject({ hostname: 'old1' });
    await machine.serialContains(/Booting from the local disk \([^)]*\)[^]*GRUB[^]*old1 login:/);
  }, 1_000_000);
});
