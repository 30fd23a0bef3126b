import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Machine } from '../vm/machine.js';
import { VmLab } from '../vm-lab.js';

/** Two machines at once, from one image. The steps of one story: each needs the ones before it. */
describe('machines that boot from a medium, which stays in', () => {
  let site: VmLab;
  let stick: Machine;
  let disc: Machine;

  beforeAll(async () => {
    site = await VmLab.create();
    await site.lab.start();
    const file = await site.bootMedium('any');
    stick = await site.machine('stick1', { medium: { kind: 'usb', file } });
    disc = await site.machine('disc1', {
      firmware: 'bios',
      bootOrder: 'medium-first',
      medium: { kind: 'cd', file },
    });
  }, 400_000);
  afterAll(() => site.stop(), 60_000);

  it('are discovered: UEFI from a USB stick, BIOS from a CD', async () => {
    await Promise.all([stick.powerOn(), disc.powerOn()]);
    const found = await Promise.all([site.discovered(stick), site.discovered(disc)]);
    expect(found.map(({ status }) => status.hardware.bootMode)).toEqual(['uefi', 'bios']);
    for (const machine of [stick, disc]) {
      expect(await machine.serial()).toMatch(/Boot medium of the bastion local at http/);
    }
  }, 1_000_000);

  it('are installed, and start their own systems', async () => {
    const done = await Promise.all([site.installed(stick, 'stick1'), site.installed(disc, 'disc1')]);
    expect(done.map(({ status }) => status.system?.hostname)).toEqual(['stick1', 'disc1']);
    await stick.serialContains(/Booting from the local disk[^]*stick1 login:/);
    await disc.serialContains(/Booting from the local disk[^]*disc1 login:/);
  }, 1_000_000);
});
