import { describe, expect, it } from '@jest/globals';
import { isRealDisk } from '@lab/domain';
import { NO_DISKS, withDisks, type FakeDisk } from '../../test/kickstart/fake-hardware.js';
import { RecordingBastion } from '../../test/kickstart/recording-bastion.js';
import { SectionMachine, installInput, section } from '../../test/kickstart/section-runner.js';
import type { InstallKickstartInput } from './install-kickstart.renderer.js';

interface Choice {
  code: number | null;
  failure: string | undefined;
  stage: string | undefined;
  diskKs: string | undefined;
}

async function choose(
  disks: FakeDisk[],
  change: Partial<InstallKickstartInput>,
  prepare?: (machine: SectionMachine) => Promise<void>,
): Promise<Choice> {
  await using bastion = await RecordingBastion.start();
  await using machine = await SectionMachine.create();
  await withDisks(machine, disks);
  await prepare?.(machine);
  const end = await machine.run(await section('%pre', installInput(bastion.url, change)), {
    LAB_MOUNTS: machine.path('mounts'),
  });
  const failed = bastion.progress.find((report) => report.event === 'failed');
  return {
    code: end.code,
    failure: failed?.message,
    stage: failed?.stage,
    diskKs: await machine.read('tmp/disk.ks').catch(() => undefined),
  };
}

describe('the disk choice', () => {
  it('takes the only disk, and partitions that one alone', async () => {
    const choice = await choose(
      [{ name: 'vda', byId: 'virtio-lab0001' }, { name: 'sr0', type: 'rom' }, { name: 'zram0' }],
      {},
    );
    expect(choice).toMatchObject({ code: 0, failure: undefined });
    expect(choice.diskKs?.split('\n').slice(0, 9)).toEqual([
      'ignoredisk --only-use=disk/by-id/virtio-lab0001',
      'zerombr',
      'clearpart --all --initlabel --disklabel=gpt --drives=disk/by-id/virtio-lab0001',
      'part /boot/efi --fstype=efi --size=600 --ondisk=disk/by-id/virtio-lab0001',
      'part /boot --fstype=xfs --size=1024 --ondisk=disk/by-id/virtio-lab0001',
      'part pv.01 --size=1 --grow --ondisk=disk/by-id/virtio-lab0001',
      'volgroup lab pv.01',
      'logvol / --vgname=lab --name=root --fstype=xfs --size=40960',
      'logvol /var --vgname=lab --name=var --fstype=xfs --size=40960',
    ]);
  });

  const two: FakeDisk[] = [
    { name: 'sda', serial: 'A1', wwn: '0x5000c500', byId: 'wwn-0x5000c500' },
    { name: 'sdb', serial: 'B2', wwn: '0x5000C501', byId: 'wwn-0x5000c501', bytes: 480_000_000_000 },
  ];
  it.each([
    ['its serial number', { serial: 'B2' }],
    ['its WWN, in any case', { wwn: '0x5000c501' }],
    ['its by-id path', { byId: '/dev/disk/by-id/wwn-0x5000c501' }],
    ['its name', { name: '/dev/sdb' }],
    ['its size', { minSizeBytes: 400_000_000_000 }],
    ['several of these', { serial: 'B2', name: 'sdb' }],
  ])('takes the one of two that matches by %s', async (_, disk) => {
    const choice = await choose(two, { disk });
    expect(choice.code).toBe(0);
    expect(choice.diskKs).toContain('--drives=disk/by-id/wwn-0x5000c501\n');
    expect(choice.diskKs).not.toContain('wwn-0x5000c500');
  });

  it('reads the serial number from sysfs where udev has none', async () => {
    const choice = await choose(
      [{ name: 'vda' }, { name: 'vdb' }],
      { disk: { serial: 'lab0002' } },
      (machine) => machine.put('sys/block/vdb/serial', 'lab0002\n'),
    );
    expect(choice.diskKs).toContain('ignoredisk --only-use=vdb\n');
  });

  it.each<[string, FakeDisk[], Partial<InstallKickstartInput>, RegExp]>([
    ['there is no disk', [], {}, /^No disk matches the rule \(the only disk\)\. Seen: no disk at all\.$/],
    ['two match', two, {}, /matches 2 disks: sda sdb\. Pin one of them by its serial number/],
    [
      'two namespaces of one controller match, which have its serial number',
      [
        { name: 'nvme0n1', serial: 'S1', wwn: 'eui.01' },
        { name: 'nvme0n2', serial: 'S1', wwn: 'eui.02' },
      ],
      { disk: { serial: 'S1' } },
      /matches 2 disks: nvme0n1 nvme0n2\. Pin one of them by its WWN/,
    ],
    [
      'two that nothing tells apart match',
      [
        { name: 'sda', serial: 'S1' },
        { name: 'sdb', serial: 'S1' },
      ],
      { disk: { serial: 'S1' } },
      /Nothing but their names tells them all apart/,
    ],
    [
      'two paths of one LUN match',
      [
        { name: 'sda', serial: '3600a', wwn: '0x600a' },
        { name: 'sdb', serial: '3600a', wwn: '0x600A' },
      ],
      { disk: { serial: '3600a' } },
      /\(serial=3600a\) matches 2 paths of one LUN \(WWN 0x600a\): sda sdb\. Leave it one path/,
    ],
    [
      'two paths of one LUN match, and a disk beside them',
      [
        { name: 'sda', serial: 'A1', wwn: '0x5000c500' },
        { name: 'sdb', serial: '3600a', wwn: '0x600a' },
        { name: 'sdc', serial: '3600a', wwn: '0x600A' },
      ],
      {},
      /matches 3 disks: sda sdb sdc\. sdb sdc are paths of one LUN \(WWN 0x600a\)\. Pin sda by its serial number\.$/,
    ],
    [
      'paths of two LUNs match',
      ['sda', 'sdb', 'sdc', 'sdd'].map((name, index) => ({ name, wwn: index < 2 ? '0x600a' : '0x600b' })),
      {},
      /sda sdb are paths .*0x600a\)\. sdc sdd are paths .*0x600b\)\. Leave each LUN one path/,
    ],
    [
      'paths of one LUN match, and a disk that only its by-id name tells from another',
      [
        { name: 'sda', serial: '3600a', byId: 'ata-a' },
        { name: 'sdb', serial: '3600a', wwn: '0x600a' },
        { name: 'sdc', serial: '3600a', wwn: '0x600a' },
        { name: 'sdd', serial: '3600a', byId: 'ata-d' },
      ],
      { disk: { serial: '3600a' } },
      /sdb sdc are paths of one LUN .* Pin one of sda sdd by its by-id name\.$/,
    ],
    [
      'the only disk is a hardware partition of an eMMC',
      [{ name: 'mmcblk0boot0' }, { name: 'mmcblk0gp1' }],
      {},
      /mmcblk0boot0 .*is a hardware partition of an eMMC/,
    ],
    [
      'none matches',
      two,
      { disk: { serial: 'C3' } },
      /rule \(serial=C3\)\. Seen: sda .* has serial A1; sdb .* has serial B2/,
    ],
    [
      'the keys match different disks',
      two,
      { disk: { serial: 'A1', name: 'sdb' } },
      /No disk matches the rule \(serial=A1 name=sdb\)/,
    ],
    ['the only disk is removable', [{ name: 'sda', removable: true }], {}, /sda \(\d+ bytes\) is removable/],
    ['the only disk is read-only', [{ name: 'sda', readOnly: true }], {}, /is read-only/],
    [
      'the disk has data',
      [{ name: 'vda', signatures: ['gpt', 'PMBR'] }],
      {},
      /holds data \(vda: gpt, vda: PMBR\).*Nothing was changed/,
    ],
    [
      'the disk holds a physical volume',
      [{ name: 'vda', signatures: ['LVM2_member'] }],
      {},
      /holds data \(vda: LVM2_member\)/,
    ],
    [
      'the disk is too small',
      [{ name: 'vda', bytes: 100_000_000_000 }],
      {},
      /layout "worker" needs 204000000000\. Choose the layout "small"/,
    ],
  ])('fails before anything is cleared when %s', async (_, disks, change, reason) => {
    const choice = await choose(disks, change);
    expect(choice).toMatchObject({ code: 1, stage: 'disk', diskKs: undefined });
    expect(choice.failure).toMatch(reason);
  });

  it('takes none of what the kernel calls a disk and labd does not, whatever is ordered', async () => {
    expect(NO_DISKS.filter(isRealDisk)).toEqual([]);
    const serial = 'S1';
    const none = NO_DISKS.map((name) => ({ name, serial }));
    expect((await choose([...none, { name: 'nvme0n1', serial }], { disk: { serial } })).diskKs).toContain(
      'ignoredisk --only-use=nvme0n1\n',
    );
    const { code, failure, diskKs } = await choose(none, { disk: { serial } });
    expect({ code, diskKs }).toEqual({ code: 1, diskKs: undefined });
    expect(failure).toMatch(/^No disk matches the rule \(serial=S1\)\. Seen: /);
  });

  it('takes an eMMC as one disk, though the kernel shows its hardware partitions as disks', async () => {
    const serial = '0x1b2c3d4e';
    const names = ['mmcblk0', 'mmcblk0boot0', 'mmcblk0boot1', 'mmcblk0rpmb'];
    const choice = await choose(
      names.map((name) => ({ name, serial, readOnly: name.includes('boot') })),
      { disk: { serial } },
    );
    expect(choice.diskKs).toContain('ignoredisk --only-use=mmcblk0\n');
  });

  it('fails when the only disk is what the installer runs from', async () => {
    const choice = await choose([{ name: 'sda' }], {}, async (machine) => {
      await machine.put('sys/block/sda/sda1/partition', '1');
      await machine.put('mounts', '/dev/sda1 /run/install/repo iso9660 ro 0 0\n');
    });
    expect(choice).toMatchObject({ code: 1, diskKs: undefined });
    expect(choice.failure).toContain('is what the installer runs from');
  });

  it('fails when a disk cannot be looked into', async () => {
    const choice = await choose([{ name: 'vda' }], {}, (machine) =>
      machine.program('wipefs', 'echo "I/O error" >&2; exit 1'),
    );
    expect(choice).toMatchObject({ code: 1, stage: 'disk', diskKs: undefined });
  });

  it('erases data when the install may', async () => {
    const choice = await choose([{ name: 'vda', signatures: ['gpt'] }], { allowErase: true });
    expect(choice.code).toBe(0);
    expect(choice.diskKs).toContain('clearpart --all --initlabel --disklabel=gpt --drives=vda\n');
  });

  it('takes a small disk with the layout small', async () => {
    expect((await choose([{ name: 'vda', bytes: 25_000_000_000 }], { layout: 'small' })).code).toBe(0);
  });

  it('uses a BIOS boot partition where the firmware is not UEFI', async () => {
    const { rm } = await import('node:fs/promises');
    const choice = await choose([{ name: 'vda' }], {}, (machine) =>
      rm(machine.path('sys/firmware/efi'), { recursive: true }),
    );
    expect(choice.diskKs).toContain('part biosboot --fstype=biosboot --size=1 --ondisk=vda\n');
  });

  const GIB = 1024 ** 3;
  it.each([
    ['what is fitted, not what the kernel has of it', '2 GB', 1_900_000, undefined],
    ['too little fitted', '1 GB', 900_000, GIB],
    ['modules in MB', '1024 MB', 4_000_000, GIB],
    ['no word of modules: what the kernel has', '', 1_000_000, 1_024_000_000],
  ])('counts memory: %s', async (_, size, memTotalKib, refused) => {
    await using bastion = await RecordingBastion.start();
    await using machine = await SectionMachine.create();
    await withDisks(machine, [{ name: 'vda' }]);
    await machine.put('proc/meminfo', `MemTotal:        ${memTotalKib} kB\n`);
    if (size !== '') await machine.program('dmidecode', `printf 'Memory Device\\n\\tSize: ${size}\\n'`);
    await machine.run(await section('%pre', installInput(bastion.url)), { LAB_PROC: machine.path('proc') });
    const failure = bastion.progress.find((report) => report.event === 'failed');
    expect(failure?.message).toBe(
      refused === undefined
        ? undefined
        : `The machine has ${refused} bytes of memory; this profile needs ${2 * GIB}.`,
    );
    if (refused !== undefined) expect(failure?.stage).toBe('hardware');
  });
});
