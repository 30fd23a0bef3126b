import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { eventually } from '../lab-under-test.js';
import type { InstallResource, ServerResource } from '../resources.js';
import type { Machine } from '../vm/machine.js';
import { VmLab } from '../vm-lab.js';

/** The steps of one story: each needs the ones before it. */
describe('a blank UEFI machine with a 250 GB disk', () => {
  let site: VmLab;
  let machine: Machine;
  let poweredOn = 0;

  beforeAll(async () => {
    site = await VmLab.create();
    await site.lab.start();
    machine = await site.machine('node1');
  }, 400_000);
  afterAll(() => site.stop(), 60_000);
  // Jest says nothing before the whole story is over.
  beforeEach(() => {
    process.stderr.write(`${new Date().toISOString()} … ${expect.getState().currentTestName ?? ''}\n`);
  });

  const server = () => site.lab.json<ServerResource>('get', 'server', machine.mac);
  const phase = (wanted: string, withinMs = 240_000) => site.lab.serverIn(wanted, machine.mac, withinMs);
  const rows = async (sql: string, ...values: string[]) => {
    const client = new pg.Client({ connectionString: databaseUrl(join(site.lab.home, 'labd')) });
    await client.connect();
    const result = await client.query<Record<string, unknown>>(sql, values);
    await client.end();
    return result.rows;
  };
  const consoleLength = async () => (await machine.serial()).length;

  it('boots over the network and is discovered with its hardware', async () => {
    poweredOn = performance.now();
    await machine.powerOn();
    const found = await phase('discovered');
    expect(found.status).toMatchObject({
      mac: machine.mac,
      hardware: { arch: 'x86_64', bootMode: 'uefi', cpuCores: 2, smbiosUuid: machine.hardware.uuid },
      disks: [
        expect.objectContaining({
          sizeBytes: 250_000_000_000,
          serial: `${machine.hardware.serial}-disk`.slice(0, 20),
        }),
      ],
      nics: [expect.objectContaining({ mac: machine.mac, boot: true })],
    });
    expect(found.status.hardware.memoryBytes).toBeGreaterThan(1.5 * 2 ** 30);
    const inDatabase = await rows(
      'SELECT s.phase, s.arch, d.size_bytes::text AS size FROM servers s JOIN server_disks d ON d.server_id = s.id JOIN server_nics n ON n.server_id = s.id WHERE n.mac = $1',
      machine.mac,
    );
    expect(inDatabase).toEqual([{ phase: 'discovered', arch: 'x86_64', size: '250000000000' }]);
  }, 400_000);

  it('is told to install, reboots into it by itself, and shows stages and log lines while it runs', async () => {
    const asked = performance.now();
    const order = ['--os', 'test-installer', '--role', 'worker', '--hostname', 'node1'];
    const queued = await site.lab.labctl('provision', machine.mac, ...order);
    expect(queued).toMatchObject({ code: 0, stdout: expect.stringContaining('server/node1') });
    const logs = site.lab.startLabctl(['logs', 'node1', '-f']);
    await eventually(
      'log lines and stages come while the install runs',
      async () => {
        const output = logs.output();
        const isLive = /disk/i.test(output) && /Installing/i.test(output);
        return isLive && (await server()).status.phase === 'provisioning' ? true : undefined;
      },
      240_000,
    );
    const installed = await phase('installed', 320_000);
    process.stderr.write(
      `from provision to first boot: ${seconds(asked)} s; from power-on: ${seconds(poweredOn)} s\n`,
    );
    const { code, stdout, stderr } = await logs.result;
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout.split('\n').length).toBeGreaterThan(50);
    expect(installed.status.system).toMatchObject({ hostname: 'node1', osName: expect.stringMatching(/\w/) });
    expect(installed.status.install).toMatchObject({ attempt: 1, state: 'succeeded' });
  }, 360_000);

  it('keeps the install with every stage and every line', async () => {
    const { status } = await server();
    const install = await site.lab.get<InstallResource>(`/installs/${status.install?.id ?? ''}`);
    if (install === undefined) throw new Error('the install is not there');
    const done = install.stages.filter((stage) => stage.state === 'succeeded').map((stage) => stage.name);
    expect(done).toEqual(
      expect.arrayContaining([
        'boot',
        'kickstart',
        'pre',
        'hardware',
        'disk',
        'network',
        'partitioning',
        'packages',
        'post',
        'bootloader',
        'hostname',
        'users',
        'ssh',
        'k3s-prep',
        'boot-order',
        'metadata',
        'reboot',
        'first-boot',
      ]),
    );
    expect(install.stages.filter((stage) => stage.state === 'failed')).toEqual([]);
    const [counted] = await rows(
      'SELECT count(*)::text AS lines, max(number)::text AS last FROM install_log_lines WHERE install_id = $1',
      status.install?.id ?? '',
    );
    expect(counted).toEqual({ lines: String(install.logTotal), last: String(install.logTotal) });
  }, 60_000);

  /** Power off and on: the bastion is asked, says "your own disk", and the system that was installed comes up. */
  async function bootsFromItsDisk(): Promise<void> {
    const before = await consoleLength();
    await machine.powerCycle();
    await machine.serialContains(/node1 login:/, { after: before });
    const console = (await machine.serial()).slice(before);
    expect(console).toMatch(/Booting from the local disk/);
    expect(console).not.toMatch(/inst\.ks|OLD SYSTEM|Reset System|Boot Option Restoration/);
    expect((await server()).status).toMatchObject({
      phase: 'installed',
      install: { attempt: 1, state: 'succeeded' },
    });
  }

  it('boots from its disk when it is powered on again', bootsFromItsDisk, 400_000);

  it('does so beside a disk with an old system, which is never started', async () => {
    machine.addDisk(site.installer.oldDisk);
    await bootsFromItsDisk();
  }, 400_000);

  it('is known as before after labd and the bastion were restarted, and boots from its disk a third time', async () => {
    const before = await server();
    await site.lab.lab.stop();
    await site.lab.lab.startLabd();
    await site.lab.lab.startBastion();
    expect((await server()).metadata).toEqual(before.metadata);
    await bootsFromItsDisk();
  }, 400_000);

  // No hands: three local boots, through the loader that "restores" boot entries, have left the network first.
  it('netboots again when it is reprovisioned, and is installed a second time', async () => {
    // There are two disks now: it has to be said which.
    const disk = ['--disk-serial', `${machine.hardware.serial}-disk`.slice(0, 20)];
    const queued = await site.lab.labctl('reprovision', 'node1', '--confirm', 'node1', ...disk);
    expect(queued).toMatchObject({ code: 0 });
    await machine.powerCycle();
    const installed = await phase('installed', 320_000);
    expect(installed.status.install).toMatchObject({ attempt: 2, state: 'succeeded' });
  }, 360_000);
});

const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(1);

/** The embedded database, as an operator with access to labd's folder reaches it. */
function databaseUrl(dataDir: string): string {
  const folder = join(dataDir, 'postgres');
  const password = readFileSync(join(folder, 'password'), 'utf8').trim();
  // postmaster.pid, line 4: the port (PostgreSQL's miscadmin.h).
  const port = readFileSync(join(folder, 'data/postmaster.pid'), 'utf8').split('\n')[3] ?? '';
  return `postgresql://lab:${password}@127.0.0.1:${port}/lab`;
}
