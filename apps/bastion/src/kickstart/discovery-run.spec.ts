import { describe, expect, it } from '@jest/globals';
import { mkdir, symlink } from 'node:fs/promises';
import { NO_DISKS, withDisks } from '../../test/kickstart/fake-hardware.js';
import { RecordingBastion } from '../../test/kickstart/recording-bastion.js';
import { SectionMachine, assets } from '../../test/kickstart/section-runner.js';
import { renderDiscoveryKickstart } from './discovery-kickstart.renderer.js';
import { sectionsOf } from './kickstart-sections.js';

const MAC = '52:54:00:12:34:56';

async function blankMachine(): Promise<SectionMachine> {
  const machine = await SectionMachine.create();
  await withDisks(machine, [
    { name: 'vda', serial: 'lab0001', byId: 'virtio-lab0001' },
    { name: 'sr0', type: 'rom' },
    ...NO_DISKS.filter((name) => name !== 'sr0').map((name) => ({ name })),
    { name: 'sdz', readOnly: true },
    { name: 'sda', signatures: ['gpt'], removable: true },
  ]);
  await machine.put(
    'proc/cmdline',
    `quiet inst.ks=http://x/ks/discovery BOOTIF=01-${MAC.replaceAll(':', '-').toUpperCase()}\n`,
  );
  await machine.put('proc/meminfo', 'MemTotal:        2015000 kB\n');
  await machine.put('proc/cpuinfo', 'processor\t: 0\nmodel name\t: QEMU Virtual CPU version 2.5+\n');
  await machine.put('sys/class/dmi/id/product_uuid', '4C4C4544-0051-4D10-8052-B7C04F4E4D31\n');
  await machine.put('sys/class/dmi/id/product_serial', 'To Be Filled By O.E.M.\n');
  await machine.put('sys/class/dmi/id/sys_vendor', 'Dell Inc.\n');
  await machine.put('sys/class/net/ens3/address', `${MAC}\n`);
  await machine.put('sys/class/net/ens3/carrier', '1\n');
  await machine.put('sys/class/net/ens3/speed', '-1\n');
  await machine.put('sys/class/net/lo/address', '00:00:00:00:00:00\n');
  await mkdir(machine.path('sys/class/net/ens3/device'), { recursive: true });
  await symlink('../../../bus/virtio/drivers/virtio_net', machine.path('sys/class/net/ens3/device/driver'));
  await machine.program(
    'dmidecode',
    String.raw`printf 'Memory Device\n\tSize: 2 GB\nMemory Device\n\tSize: No Module Installed\n'`,
  );
  await machine.program('lscpu', String.raw`[[ $1 == -p* ]] && printf '# CPU\n0,0\n0,0\n1,0\n'`);
  await machine.program(
    'ip',
    'echo "2: ens3    inet 192.168.77.100/24 brd 192.168.77.255 scope global ens3"',
  );
  await machine.program('reboot-now', `echo yes >'${machine.path('rebooted')}'`);
  return machine;
}

const script = async (url: string): Promise<string> =>
  sectionsOf(renderDiscoveryKickstart(await assets(), { bastionUrl: url }))[0]?.body ?? '';

const environment = (machine: SectionMachine) => ({
  LAB_PROC: machine.path('proc'),
  LAB_REBOOT: machine.path('bin/reboot-now'),
});

describe('discovery', () => {
  it('reports the hardware, polls, and reboots when there is something to do', async () => {
    await using bastion = await RecordingBastion.start();
    await using machine = await blankMachine();
    let polls = 0;
    bastion.answer = (path) => {
      if (path === '/api/discovery') return { status: 200, body: '{"pollSeconds": 1}' };
      if (path === `/api/boot/${MAC.replaceAll(':', '-')}`) {
        polls += 1;
        return { status: 200, body: `{ "action": "${polls < 2 ? 'discover' : 'install'}" }` };
      }
      return undefined;
    };
    const end = await machine.run(await script(bastion.url), environment(machine));
    expect(end).toMatchObject({ code: 0, output: '' });
    expect(await machine.read('rebooted')).toBe('yes\n');
    expect(polls).toBe(2);
    const reports = bastion.requests.filter((request) => request.path === '/api/discovery');
    expect(reports).toHaveLength(1);
    expect(JSON.parse(reports[0]?.body ?? '')).toEqual({
      mac: MAC,
      uuid: '4c4c4544-0051-4d10-8052-b7c04f4e4d31',
      serial: null,
      manufacturer: 'Dell Inc.',
      model: null,
      boot_mode: 'uefi',
      arch: process.arch === 'x64' ? 'x86_64' : expect.any(String),
      cpu_model: 'QEMU Virtual CPU version 2.5+',
      cpu_cores: 2,
      memory_bytes: 2_147_483_648,
      nics: [
        {
          name: 'ens3',
          mac: MAC,
          driver: 'virtio_net',
          speed_mbps: null,
          link: true,
          addresses: ['192.168.77.100/24'],
        },
      ],
      disks: [
        {
          name: 'vda',
          size_bytes: 268_435_456_000,
          model: 'QEMU HARDDISK',
          serial: 'lab0001',
          wwn: null,
          by_id: machine.path('dev/disk/by-id/virtio-lab0001'),
          rotational: false,
          removable: false,
          transport: 'virtio',
          has_data: false,
        },
        {
          name: 'sda',
          size_bytes: 268_435_456_000,
          model: 'QEMU HARDDISK',
          serial: null,
          wwn: null,
          by_id: null,
          rotational: false,
          removable: true,
          transport: 'virtio',
          has_data: true,
        },
      ],
    });
  });

  it('announces itself again after the bastion was lost', async () => {
    await using bastion = await RecordingBastion.start();
    await using machine = await blankMachine();
    let [reports, polls] = [0, 0];
    bastion.answer = (path) => {
      if (path === '/api/discovery') {
        reports += 1;
        return { status: 200, body: '{"pollSeconds":1}' };
      }
      polls += 1;
      if (polls === 1) return { status: 503 };
      return { status: 200, body: `{"action":"${reports < 2 ? 'discover' : 'local-disk'}"}` };
    };
    expect((await machine.run(await script(bastion.url), environment(machine))).code).toBe(0);
    expect(reports).toBe(2);
  });

  it('reports what it can with none of the tools', async () => {
    await using bastion = await RecordingBastion.start();
    await using machine = await blankMachine();
    for (const tool of ['dmidecode', 'lscpu', 'ip', 'lsblk', 'wipefs'])
      await machine.program(tool, 'exit 127');
    bastion.answer = (path) =>
      path === '/api/discovery'
        ? { status: 200, body: '{"pollSeconds":1}' }
        : { status: 200, body: '{"action":"install"}' };
    await machine.run(await script(bastion.url), environment(machine));
    expect(JSON.parse(bastion.requests[0]?.body ?? '')).toMatchObject({
      mac: MAC,
      cpu_cores: 1,
      memory_bytes: 2_063_360_000,
      disks: [],
    });
  });
});
