import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { root } from '../checkout.js';
import type { Machine } from '../vm/machine.js';
import { VmLab } from '../vm-lab.js';

/** Instead of a minute. */
const PATIENCE_SECONDS = 5;
const PAGE = '<!DOCTYPE html>\n<html><body>Please log in</body></html>\n';

/** Before %pre nothing of ours runs: only the bastion can know. The steps of one story. */
describe('a machine that does not get as far as its kickstart', () => {
  const profiles = mkdtempSync(join(tmpdir(), 'lab-profiles-'));
  let site: VmLab;
  let machine: Machine;
  let portal: Server;

  beforeAll(async () => {
    cpSync(join(root, 'e2e/vm/profiles'), profiles, { recursive: true });
    site = await VmLab.create({
      BASTION_PROFILES_DIR: profiles,
      BASTION_BOOT_PATIENCE_SECONDS: String(PATIENCE_SECONDS),
    });
    portal = createServer((_, response) => response.setHeader('content-type', 'text/html').end(PAGE));
    await new Promise<void>((resolve) => portal.listen(0, resolve));
    const { port } = portal.address() as AddressInfo;
    profile('no-stage2', "stage2: '{{assets}}/nowhere'");
    profile(
      'login-page',
      `arguments: [inst.cmdline, ip=dhcp, lab.family=fedora, lab.time=20, console=tty0, 'console=ttyS0,115200', 'inst.ks=http://${site.subnet}.1:${port}/ks']`,
    );
    await site.lab.start();
    machine = await site.machine('node3');
  }, 400_000);
  afterAll(async () => {
    await site.stop();
    portal.close();
    rmSync(profiles, { recursive: true });
  }, 60_000);
  beforeEach(() => {
    process.stderr.write(`${new Date().toISOString()} … ${expect.getState().currentTestName ?? ''}\n`);
  });

  /** The test installer with one thing wrong; its files are the same. */
  function profile(name: string, wrong: string): void {
    writeFileSync(
      join(profiles, `${name}.yaml`),
      `extends: test-installer\nname: ${name}\ntitle: ${name}\n${wrong}\n`,
    );
    symlinkSync(site.installer.fedora, join(site.lab.lab.bastionDir, 'assets', name));
  }
  const described = async () => (await site.lab.labctl('describe', 'server', 'node3')).stdout;

  it('for want of its second stage: the cause is stated, and it comes back to discovery by itself', async () => {
    await machine.powerOn();
    await site.lab.serverIn('discovered', machine.mac, 240_000);
    const mark = (await machine.serial()).length;
    const order = ['--os', 'no-stage2', '--role', 'worker', '--hostname', 'node3'];
    expect(await site.lab.labctl('provision', machine.mac, ...order)).toMatchObject({ code: 0 });
    await site.lab.serverIn('failed', machine.mac, 240_000);
    const text = await described();
    expect(text).toMatch(/Cause: +in the stage "Boot script served": the installer's second stage was not found/);
    expect(text).toMatch(
      /nowhere\/images\/install\.img of the profile "no-stage2", which is not there \(404\), \d+ times/,
    );
    // What a person would see: dracut asks for minutes (here faster), then gives up, and would wait at a prompt.
    await machine.serialContains(
      /Anaconda installer errors begin[^]*failed to fetch stage2[^]*Could not boot\./,
      {
        after: mark,
      },
    );
    await machine.serialContains(/Discovery: reporting this machine[^]*pre-installation scripts/, {
      after: mark,
    });
  }, 400_000);

  it('for a login page instead of the kickstart: the cause is stated', async () => {
    const mark = (await machine.serial()).length;
    const again = ['reprovision', 'node3', '--confirm', 'node3', '--os', 'login-page'];
    expect(await site.lab.labctl(...again)).toMatchObject({ code: 0 });
    await site.lab.serverIn('failed', machine.mac, 240_000);
    expect(await described()).toMatch(
      /Cause: +in the stage "Boot script served": a web page came instead of the kickstart/,
    );
    await machine.serialContains(/Unknown command: <!DOCTYPE[^]*Pane is dead \(status 1/, { after: mark });
  }, 400_000);
});
