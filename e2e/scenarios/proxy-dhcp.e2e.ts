import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Machine } from '../vm/machine.js';
import type { SiteDhcp } from '../vm/site-dhcp.js';
import { VmLab } from '../vm-lab.js';

/** The site's own DHCP server gives the addresses, and isn't touched; the bastion only says what to boot. */
describe('a machine at a site that has a DHCP server already', () => {
  let site: VmLab;
  let dhcp: SiteDhcp;
  let machine: Machine | undefined;

  beforeAll(async () => {
    site = await VmLab.create({ BASTION_DHCP_MODE: 'proxy' });
    dhcp = await site.siteDhcp();
    await site.lab.start();
  }, 400_000);
  // Two cores bear one machine at a time.
  afterEach(() => machine?.stop(), 60_000);
  afterAll(() => site.stop(), 60_000);
  beforeEach(() => {
    process.stderr.write(`${new Date().toISOString()} … ${expect.getState().currentTestName ?? ''}\n`);
  });

  it.each([
    ['pxe', 'PXE', 'node5'],
    ['http', 'UEFI HTTP Boot', 'node6'],
  ] as const)(
    'is installed and boots its own system, from power-on on, by %s (%s)',
    async (netboot, _name, hostname) => {
      const began = performance.now();
      machine = await site.machine(hostname, { netboot });
      await machine.powerOn();
      await site.lab.serverIn('discovered', machine.mac, 240_000);
      const order = ['--os', 'test-installer', '--role', 'worker', '--hostname', hostname];
      expect(await site.lab.labctl('provision', machine.mac, ...order)).toMatchObject({ code: 0 });
      const { status } = await site.lab.serverIn('installed', machine.mac, 420_000);
      expect(status.install).toMatchObject({ attempt: 1, state: 'succeeded' });
      process.stderr.write(
        `${netboot} by proxy, from power-on to first boot: ${((performance.now() - began) / 1000).toFixed(1)} s\n`,
      );
      // Its addresses are of the other server, and the bastion gave none.
      expect(dhcp.log).toMatch(new RegExp(`DHCPACK\\(eth0\\) ${site.subnet}\\.1[5-8]\\d ${machine.mac}`));
      const bastionLog = readFileSync(join(site.lab.home, 'log/bastion.log'), 'utf8');
      expect(bastionLog).not.toMatch(/DHCP(?:OFFER|ACK)/);
      const { stdout } = await site.lab.labctl('logs', hostname);
      expect(stdout).toContain('was told to install test-installer');
      if (netboot === 'pxe') expect(stdout).toContain('fetched ipxe.efi by TFTP');
    },
    700_000,
  );
});
