import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Machine } from '../vm/machine.js';
import { VmLab } from '../vm-lab.js';

/** The steps of one story: each needs the ones before it. */
describe('a machine on a network without any DHCP server', () => {
  let site: VmLab;
  let machine: Machine;
  let file: string;

  beforeAll(async () => {
    site = await VmLab.create({ BASTION_DHCP_INTERFACE: '' });
    await site.lab.start();
    machine = await site.machine('far1');
    const declared = join(site.lab.home, 'far1.yaml');
    writeFileSync(
      declared,
      `kind: Server
metadata: { name: far1 }
spec: { nics: [ { mac: '${machine.mac}', address: ${site.subnet}.50/24, gateway: ${site.subnet}.1 } ] }
`,
    );
    expect(await site.lab.labctl('apply', '-f', declared)).toMatchObject({ code: 0 });
    // labd says the MAC and the address.
    file = await site.bootMedium('far1', '--server', 'far1');
    machine.insert({ kind: 'cd', file });
  }, 400_000);
  afterAll(() => site.stop(), 60_000);

  it('is discovered with a medium that brings its address', async () => {
    await machine.powerOn();
    const { metadata, status } = await site.discovered(machine);
    expect(metadata.name).toBe('far1');
    expect(status.hardware.bootMode).toBe('uefi');
    expect(await machine.serial()).not.toMatch(/DHCP|dhcp/i);
  }, 1_000_000);

  it('is installed, and has its address from the first boot on', async () => {
    const { status } = await site.installed(machine, 'far1');
    expect(status.system).toMatchObject({
      hostname: 'far1',
      addresses: [expect.stringContaining(`${site.subnet}.50`)],
    });
  }, 1_000_000);

  it('is left alone by the medium of another machine, which says so', async () => {
    const other = await site.machine('near1', { medium: { kind: 'usb', file } });
    await other.powerOn();
    await other.serialContains(/None of these is a port that this medium is for/);
    expect(await site.lab.get(`/servers/${other.mac}`)).toBeUndefined();
  }, 1_000_000);
});
