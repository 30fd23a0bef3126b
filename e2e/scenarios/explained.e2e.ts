import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CurlFollower } from '../curl-follower.js';
import { eventually } from '../lab-under-test.js';
import type { InstallResource, ServerResource } from '../resources.js';
import type { Machine } from '../vm/machine.js';
import { VmLab } from '../vm-lab.js';

/** After so long without a word the machine is silent: then, and not before, a hang or a power cut can be known. */
const SILENCE_SECONDS = 30;
/** The cause has to be shown within so long of being knowable. */
const SHOWN_WITHIN_MS = 10_000;

/** The steps of one story: each needs the ones before it. */
describe('a machine whose installs go wrong', () => {
  let site: VmLab;
  let machine: Machine;

  beforeAll(async () => {
    site = await VmLab.create({ LABD_SILENCE_SECONDS: String(SILENCE_SECONDS) });
    await site.lab.start();
    machine = await site.machine('node2');
  }, 400_000);
  afterAll(() => site.stop(), 60_000);
  // Jest says nothing before the whole story is over.
  beforeEach(() => {
    process.stderr.write(`${new Date().toISOString()} … ${expect.getState().currentTestName ?? ''}\n`);
  });

  const server = async (): Promise<ServerResource> => {
    const found = await site.lab.get<ServerResource>(`/servers/${machine.mac}`);
    if (found === undefined) throw new Error('the server is gone');
    return found;
  };
  const write = async (method: string, path: string, body: object): Promise<void> => {
    const response = await site.lab.request(path, { method, body });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  };
  /** Nobody touches the machine: it waits in discovery, and restarts by itself when there is something to do. */
  const reprovision = async (...order: string[]): Promise<void> => {
    const { code, stderr } = await site.lab.labctl('reprovision', 'node2', '--confirm', 'node2', ...order);
    expect({ code, stderr }).toMatchObject({ code: 0 });
  };
  /** After a failure it has come back to discovery by itself. */
  const isBack = async (since: number): Promise<void> => {
    await machine.serialContains(/Discovery: reporting this machine[^]*pre-installation scripts/, {
      after: since,
    });
  };
  const described = async () => (await site.lab.labctl('describe', 'server', 'node2')).stdout;
  const logged = () => site.lab.labctl('logs', 'node2');
  const stage = async (name: string) => {
    const install = await site.lab.get<InstallResource>(
      `/installs/${(await server()).status.install?.id ?? ''}`,
    );
    return install?.stages.find((one) => one.name === name);
  };
  const packagesRun = () =>
    eventually(
      'packages are being installed',
      async () => ((await stage('packages'))?.state === 'running' ? true : undefined),
      300_000,
    );

  /** The failed install, once labd has stated it; how long that took is part of what is promised. */
  async function failure(): Promise<ServerResource> {
    const failed = await site.lab.serverIn('failed', machine.mac, 320_000);
    const text = await described();
    const took = Date.now() - Date.parse(failed.status.install?.finishedAt ?? '');
    expect(text).toContain('Cause:');
    expect(took).toBeLessThan(SHOWN_WITHIN_MS);
    return failed;
  }

  /** The machine says nothing any more: labctl says so, since when, in which stage. */
  async function silence(): Promise<void> {
    const { status } = await eventually('the install is stuck', async () => {
      const now = await server();
      return now.status.conditions.length > 0 ? now : undefined;
    });
    const text = await described();
    const [condition] = status.conditions;
    const knowable = Date.parse(condition?.since ?? '') + SILENCE_SECONDS * 1000;
    expect(Date.now() - knowable).toBeLessThan(SHOWN_WITHIN_MS);
    expect(condition).toMatchObject({ type: 'Stuck', reason: 'Silent' });
    expect(text).toMatch(
      /Stuck +True .*Silent +Nothing was heard of the machine since .* It was in "Packages"/,
    );
    expect((await logged()).stderr).toMatch(/-- Stuck: Nothing was heard .* lost power .* its kernel hangs/);
  }

  it('%pre: the wrong disk stops it before anything is erased, and it says so', async () => {
    await machine.powerOn();
    await site.lab.serverIn('discovered', machine.mac, 240_000);
    const order = ['--os', 'test-installer', '--role', 'worker', '--hostname', 'node2'];
    const mark = (await machine.serial()).length;
    await site.lab.labctl('provision', machine.mac, ...order, '--disk-serial', 'NOT-THERE');
    expect((await failure()).status.install).toMatchObject({ attempt: 1, state: 'failed' });
    const text = await described();
    expect(text).toMatch(/Cause: +in the stage "Disk choice": no disk matches the rule of the install/);
    const serial = `${machine.hardware.serial}-disk`.slice(0, 20);
    expect(text).toContain(`Seen: vda (250000000000 bytes) has serial ${serial}.`);
    expect(text).toContain('read: docs/runbooks/failed-installs.md#no-disk-matches');
    expect((await logged()).stderr).toContain('-- the install failed in the stage "Disk');
    // After a failed %pre a real installer stays on, for ever.
    await isBack(mark);
  }, 320_000);

  it('%post of EL: a user in a group that does not exist is named, with the command that failed', async () => {
    const users = [{ name: 'ops', groups: ['wheels'], sudo: true }];
    await write('POST', '/installsettings', { metadata: { name: 'default' }, spec: { users } });
    const mark = (await machine.serial()).length;
    await reprovision('--disk-name', 'vda', '--os', 'test-installer-el');
    expect((await failure()).status.install).toMatchObject({ attempt: 2, state: 'failed' });
    const text = await described();
    expect(text).toMatch(/Cause: +in the stage "Users": a group does not exist on the installed system/);
    expect(text).toContain("> usermod: group 'wheels' does not exist");
    expect(text).toMatch(/at: %post line \d+/);
    expect(text).toMatch(/command: usermod --append --groups .* \(exit 6\)/);
    expect((await logged()).stderr).toContain('-- the install failed in the stage "Users": a group does not');
    // EL's installer waits for Enter now, and runs no %onerror.
    await isBack(mark);
  }, 360_000);

  it('a power cut: the silence is stated, and that the machine started again, when it does', async () => {
    await write('PATCH', '/installsettings/default', { spec: { users: [{ name: 'ops', sudo: true }] } });
    await write('PATCH', '/servers/node2', {
      spec: { nics: [{ mac: machine.mac, address: `${site.subnet}.50/24`, gateway: `${site.subnet}.1` }] },
    });
    await reprovision('--os', 'test-installer');
    await packagesRun();
    await machine.powerOff();
    await silence();
    await machine.powerOn();
    const again = 'The machine started again during "Packages": it lost power, was reset';
    await eventually('that it started again is stated', async () =>
      (await stage('boot'))?.message?.startsWith(again) === true ? true : undefined,
    );
    expect(await described()).toContain(again);
    expect((await logged()).stdout).toContain(again);
  }, 400_000);

  it('a hang: the silence is stated, and taken back when the machine goes on', async () => {
    await packagesRun();
    expect((await server()).status.conditions).toEqual([]);
    await machine.freeze();
    await silence();
    await machine.thaw();
    await eventually('it is not stuck any more', async () =>
      (await server()).status.conditions.length === 0 ? true : undefined,
    );
  }, 360_000);

  it('is followed with curl, live, and on from where it stood after the bastion was restarted', async () => {
    const url = `${site.lab.lab.bastionUrl}/api/logs/${machine.mac}/follow`;
    const token = readFileSync(join(site.lab.lab.bastionDir, 'operator-token'), 'utf8').trim();
    const before = new CurlFollower(url, token);
    await eventually('lines come', () => (before.lines.length > 20 ? true : undefined));
    // Not while packages come: dnf asks four times within a second, and then the install has failed.
    await eventually(
      '%post runs',
      async () => ((await stage('post'))?.state === 'running' ? true : undefined),
      300_000,
    );
    await site.lab.lab.bastion?.stop();
    await before.ended;
    await site.lab.lab.startBastion();
    const after = new CurlFollower(url, token, before.events.at(-1)?.id);
    const installed = await site.lab.serverIn('installed', machine.mac, 320_000);
    await eventually('the stream says how it ended', () =>
      after.events.some(({ event, data }) => event === 'state' && data['state'] === 'succeeded')
        ? true
        : undefined,
    );
    after.stop();
    expect(installed.status.system).toMatchObject({
      hostname: 'node2',
      addresses: expect.arrayContaining([`${site.subnet}.50/24`]),
    });
    const lines = [...before.lines, ...after.lines];
    const first = lines[0] ?? 0;
    expect(lines).toEqual(lines.map((_, index) => first + index));
    expect(after.events.filter(({ event }) => event === 'stage').map(({ data }) => data['stage'])).toEqual(
      expect.arrayContaining(['users', 'reboot', 'first-boot']),
    );
  }, 360_000);
});
