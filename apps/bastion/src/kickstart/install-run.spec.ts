import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { access, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TEST_CA } from '@lab/testing';
import { fakeEfibootmgr } from '../../test/kickstart/fake-efibootmgr.js';
import { withDisks } from '../../test/kickstart/fake-hardware.js';
import { RecordingBastion } from '../../test/kickstart/recording-bastion.js';
import {
  SectionMachine,
  SYSTEM_PROGRAMS,
  TOKEN,
  installInput,
  section,
} from '../../test/kickstart/section-runner.js';

const KEY = `ssh-ed25519 ${'A'.repeat(68)} me@desk`;
/** The machine's programs that a section calls and a test must not. */
async function withSystem(machine: SectionMachine): Promise<void> {
  const log = machine.path('calls');
  for (const name of SYSTEM_PROGRAMS) {
    await machine.program(name, `echo "${name} $*" >>'${log}'`);
  }
  await fakeEfibootmgr(machine);
  await machine.put('sysroot/etc/ssh/ssh_host_ed25519_key.pub', 'ssh-ed25519 AAAAhostkey root@node1\n');
  await machine.put('sysroot/etc/os-release', 'NAME=Fedora\nPRETTY_NAME="Fedora Linux 43 (Server)"\n');
}

describe('a whole install, section by section', () => {
  let bastion: RecordingBastion;
  let machine: SectionMachine;
  beforeAll(async () => {
    bastion = await RecordingBastion.start();
    machine = await SectionMachine.create();
    await withDisks(machine, [{ name: 'vda' }]);
    await withSystem(machine);
  });
  afterAll(async () => {
    await machine[Symbol.asyncDispose]();
    await bastion.stop();
  });

  it('reports every stage once, in order, from %pre to the first boot, though the bastion is away in between', async () => {
    const input = installInput(bastion.url, {
      sshKeys: [KEY],
      users: [{ name: 'ops', groups: ['wheel'], sshKeys: [KEY], sudo: true }],
      caCertificates: [TEST_CA],
    });
    const env = { LAB_FLUSH_SECONDS: '5', LAB_ADDRESS_SECONDS: '0', LAB_MOUNTS: machine.path('mounts') };
    expect((await machine.run(await section('%pre', input), env)).code).toBe(0);
    await bastion.until(() => bastion.story.includes('partitioning started'));
    const { port } = bastion;
    await bastion.stop();
    expect((await machine.run(await section('%pre-install', input), env)).code).toBe(0);
    expect((await machine.run(await section('%post', input, 0), env)).code).toBe(0);
    await bastion.listen(port);
    expect((await machine.run(await section('%post', input, 1), env)).code).toBe(0);
    expect((await machine.run(await section('%post', input, 2), env)).code).toBe(0);
    expect(bastion.story.at(-1)).toBe('post ended');
    const firstBoot = await machine.read('sysroot/usr/local/sbin/lab-first-boot');
    expect((await machine.run(firstBoot, env)).code).toBe(0);
    const around = (stage: string) => [`${stage} started`, `${stage} ended`];
    expect(bastion.story).toEqual([
      'pre started',
      ...['hardware', 'disk', 'network'].flatMap(around),
      'pre ended',
      ...['partitioning', 'packages'].flatMap(around),
      'post started',
      ...[
        'bootloader',
        'boot-order',
        'hostname',
        'users',
        'ssh',
        'certificates',
        'k3s-prep',
        'metadata',
      ].flatMap(around),
      'post ended',
      ...around('first-boot'),
    ]);
    expect(bastion.progress.map((report) => report.seq)).toEqual(
      bastion.progress.map((_, index) => index + 1),
    );
    expect(bastion.progress.at(-1)?.facts).toMatchObject({
      os: 'Fedora Linux 43 (Server)',
      host_keys: ['ssh-ed25519 AAAAhostkey'],
    });
  });

  it('left the server as the plan says', async () => {
    expect(await machine.read('sysroot/etc/hostname')).toBe('node1\n');
    expect(await machine.read('sysroot/root/.ssh/authorized_keys')).toBe(`${KEY}\n`);
    expect(await machine.read('sysroot/home/ops/.ssh/authorized_keys')).toBe(`${KEY}\n`);
    expect(await machine.read('sysroot/etc/modules-load.d/lab-k3s.conf')).toBe('overlay\nbr_netfilter\n');
    expect(await machine.read('sysroot/etc/sysctl.d/90-lab-k3s.conf')).toContain('net.ipv4.ip_forward = 1\n');
    expect(await machine.read('sysroot/etc/lab/install.env')).toContain('ROLE=worker\n');
    const calls = await machine.read('calls');
    expect(calls).toContain('firewall-offline-cmd --add-port=10250/tcp\n');
    expect(calls).toContain('efibootmgr -q -o 0003,0005,0000,0001\n');
    expect(calls).toMatch(/useradd .* ops\n/);
    expect(await machine.read('sysroot/etc/sudoers.d/lab-ops')).toBe('ops ALL=(ALL) NOPASSWD: ALL\n');
    expect(await machine.read('sysroot/etc/pki/ca-trust/source/anchors/lab-1.pem')).toBe(TEST_CA);
    expect(calls).toContain('update-ca-trust ');
    expect(await machine.read('tmp/network.ks')).toBe(
      'network --device=ens3 --bootproto=dhcp --onboot=yes --activate\n',
    );
    expect(calls).toMatch(/systemctl .*enable lab-first-boot\.service\n/);
  });

  it('left no token behind, and no streamer', async () => {
    await expect(access(machine.path('sysroot/var/lib/lab/install'))).rejects.toThrow('ENOENT');
    expect(await machine.streamer()).toBeUndefined();
    for (const file of await readdir(machine.folder, { recursive: true, withFileTypes: true })) {
      if (file.isFile())
        expect(await readFile(join(file.parentPath, file.name), 'utf8')).not.toContain(TOKEN);
    }
  });
});

describe('%onerror', () => {
  const onerror = (bastion: RecordingBastion) => section('%onerror', installInput(bastion.url));

  it('reports the installer’s own error in the stage that ran, with evidence', async () => {
    await using bastion = await RecordingBastion.start();
    await using machine = await SectionMachine.create();
    await withDisks(machine, [{ name: 'vda' }]);
    await machine.run(await section('%pre', installInput(bastion.url)), {
      LAB_MOUNTS: machine.path('mounts'),
    });
    await machine.put('tmp/anaconda.log', 'INF fine\nERR storage: no space for the boot loader\n');
    expect(await machine.run(await onerror(bastion))).toMatchObject({ code: 0, output: '' });
    const failed = bastion.progress.filter((report) => report.event === 'failed');
    expect(failed).toMatchObject([
      {
        stage: 'partitioning',
        section: 'onerror',
        failure: { section: '%onerror', line: null, exit_code: null },
      },
    ]);
    expect(failed[0]?.failure?.last_lines).toEqual(['ERR storage: no space for the boot loader']);
  });

  it('says nothing when a section has reported', async () => {
    await using bastion = await RecordingBastion.start();
    await using machine = await SectionMachine.create();
    await withDisks(machine, []);
    await machine.run(await section('%pre', installInput(bastion.url)));
    await machine.run(await onerror(bastion));
    expect(bastion.progress.filter((report) => report.event === 'failed')).toHaveLength(1);
  });
});
