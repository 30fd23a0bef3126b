import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Machine } from '../vm/machine.js';
import { VmLab } from '../vm-lab.js';

/** The steps of one story: each needs the ones before it. */
describe('a blank BIOS machine that boots over the network', () => {
  let site: VmLab;
  let machine: Machine;

  beforeAll(async () => {
    site = await VmLab.create();
    await site.lab.start();
    machine = await site.machine('old1', { firmware: 'bios', bootOrder: 'network-first' });
  }, 400_000);
  afterAll(() => site.stop(), 60_000);
  beforeEach(() => {
    process.stderr.write(`${new Date().toISOString()} … ${expect.getState().currentTestName ?? ''}\n`);
  });

  it('is discovered as one', async () => {
    await machine.powerOn();
    const { status } = await site.lab.serverIn('discovered', machine.mac);
    expect(status.hardware.bootMode).toBe('bios');
  }, 400_000);

  it('is installed, and starts from its disk', async () => {
    const order = ['--os', 'test-installer', '--role', 'worker', '--hostname', 'old1'];
    expect(await site.lab.labctl('provision', machine.mac, ...order)).toMatchObject({ code: 0 });
    const logs = site.lab.startLabctl(['logs', 'old1', '-f']);
    const t = setInterval(() => process.stderr.write(`DEBUG ${logs.output().slice(-1500)}\n`), 20_000);
    const { status } = await site.lab.serverIn('installed', machine.mac, 300_000);
    clearInterval(t);
    expect(status.system).toMatchObject({ hostname: 'old1' });
  }, 400_000);
});
