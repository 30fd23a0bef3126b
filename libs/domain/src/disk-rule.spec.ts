import { describe, expect, it } from '@jest/globals';
import { diskMismatch, isRealDisk, lunPaths, type DiskRule, type KnownDisk } from './disk-rule.js';

const disk = (name: string, over: Partial<KnownDisk> = {}): KnownDisk => ({
  ...{ name, sizeBytes: 250e9, serial: `S-${name}`, wwn: `0xAB${name}`, byId: null, removable: false },
  ...over,
});

describe('the disk that an order names', () => {
  it.each<[string, DiskRule, KnownDisk[]]>([
    ['the only disk', {}, [disk('sda')]],
    ['the only one that is fixed', {}, [disk('sda'), disk('sdb', { removable: true })]],
    ['one by serial', { serial: 'S-sdb' }, [disk('sda'), disk('sdb')]],
    ['one by WWN in any case', { wwn: '0xabSDB' }, [disk('sda'), disk('sdb')]],
    ['one by path', { byId: '/dev/disk/by-id/x' }, [disk('sda', { byId: 'x' }), disk('sdb')]],
    ['one by name', { name: '/dev/sda' }, [disk('sda'), disk('sdb')]],
    ['one by size', { minSizeBytes: 300e9 }, [disk('sda'), disk('sdb', { sizeBytes: 300e9 })]],
    ['whatever, while no disk was seen', { serial: 'x' }, []],
  ])('is found: %s', (_, rule, disks) => {
    expect(diskMismatch(rule, disks)).toBeUndefined();
  });

  it('is missed, and those that were seen are named', () => {
    expect(
      diskMismatch({ serial: 'X', name: 'sda' }, [disk('sda'), disk('sdb', { serial: null })]),
    ).toMatchObject({
      reason: 'NoDiskMatches',
      message: expect.stringContaining('(serial X, name sda): sda (serial S-sda), sdb.'),
    });
  });

  it('is not one of several', () => {
    expect(diskMismatch({}, [disk('sda'), disk('sdb')])).toMatchObject({
      reason: 'SeveralDisksMatch',
      message: expect.stringContaining('(the only disk) matches 2 of the disks'),
    });
  });

  it('is an eMMC, and not one of its hardware partitions', () => {
    const parts = ['mmcblk0', 'mmcblk0boot0', 'mmcblk0boot1', 'mmcblk0gp0', 'mmcblk0rpmb'];
    const disks = parts.map((name) => disk(name, { serial: '0x1b2c' }));
    for (const rule of [{}, { serial: '0x1b2c' }]) expect(diskMismatch(rule, disks)).toBeUndefined();
    expect(diskMismatch({ name: 'mmcblk0boot0' }, disks)).toMatchObject({ reason: 'NoDiskMatches' });
  });

  it('is none that several paths lead to, and they are said to be paths', () => {
    const paths = [disk('sda', { serial: 'L', wwn: '0x600A' }), disk('sdb', { serial: 'L', wwn: '0x600a' })];
    const found = diskMismatch({ serial: 'L' }, paths);
    expect(found).toMatchObject({
      reason: 'PathsOfOneDisk',
      message: expect.stringContaining('2 paths of one LUN (WWN 0x600a)'),
    });
    expect(found?.message).not.toMatch(/pin/i);
  });

  const lun = (name: string, wwn = '0x600A'): KnownDisk => disk(name, { serial: 'L', wwn });
  it.each<[string, KnownDisk[], string]>([
    [
      'one disk',
      [disk('sda'), lun('sdb'), lun('sdc')],
      'sdb, sdc are paths of one LUN (WWN 0x600a). Pin sda by its serial',
    ],
    [
      'disks with the serial number of the LUN',
      [disk('sda', { serial: 'L' }), lun('sdb'), lun('sdc'), disk('sdd', { serial: 'L' })],
      'Pin one of sda, sdd by its WWN.',
    ],
    [
      'another LUN',
      [lun('sda'), lun('sdb'), lun('sdc', '0x600b'), lun('sdd', '0x600B')],
      'sda, sdb are paths of one LUN (WWN 0x600a). sdc, sdd are paths of one LUN (WWN 0x600b). Leave each LUN one path',
    ],
    [
      'a disk that nothing tells from them',
      [disk('sda', { serial: 'L', wwn: null }), lun('sdb'), lun('sdc')],
      'sdb, sdc are paths of one LUN (WWN 0x600a). Nothing but their names',
    ],
  ])('is none that several paths lead to, and they are said to be paths also beside %s', (_, disks, said) => {
    const found = diskMismatch({}, disks);
    expect(found).toMatchObject({ reason: 'SeveralDisksMatch', message: expect.stringContaining(said) });
  });

  it.each<[string, DiskRule, KnownDisk[], string]>([
    ['serial number', {}, [disk('sda'), disk('sdb')], 'by its serial number'],
    [
      'WWN: namespaces of one controller have its serial number',
      { serial: 'S' },
      [disk('nvme0n1', { serial: 'S' }), disk('nvme0n2', { serial: 'S' })],
      'by its WWN',
    ],
    [
      'by-id name',
      {},
      [
        disk('sda', { serial: null, wwn: null, byId: 'a' }),
        disk('sdb', { serial: null, wwn: null, byId: 'b' }),
      ],
      'by its by-id name',
    ],
    [
      'nothing, if nothing does',
      { serial: 'S' },
      [disk('sda', { serial: 'S', wwn: null }), disk('sdb', { serial: 'S', wwn: null })],
      'Nothing but their names',
    ],
  ])('is advised to be pinned by what tells the candidates apart: %s', (_, rule, disks, advice) => {
    expect(diskMismatch(rule, disks)?.message).toContain(advice);
  });

  it.each([
    ...['sda', 'vda', 'xvda', 'nvme0n1', 'mmcblk0', 'dasda', 'pmem0', 'cciss!c0d0'].map(
      (name) => [name, true] as const,
    ),
    ...['zram0', 'ram0', 'loop0', 'sr0', 'fd0', 'nbd0', 'dm-0', 'md127', 'md_d0', 'mtdblock0'].map(
      (name) => [name, false] as const,
    ),
    ...[
      'zram12',
      'sr1',
      'md0',
      'md_raid',
      'nvme0c0n1',
      'nvme12c3n4',
      'dm-12',
      'drbd0',
      'bcache0',
      'ubiblock0_0',
    ].map((name) => [name, false] as const),
    ...['ublkb0', 'rnbd0', 'nullb0', 'zloop0', 'loop127', 'pktcdvd0'].map((name) => [name, false] as const),
    ...['nvme0c1n1', 'mmcblk0boot0', 'mmcblk1gp3', 'mmcblk0rpmb', 'rbd0', 'zd16'].map(
      (name) => [name, false] as const,
    ),
  ])('can be %s: %s', (name, real) => {
    expect(isRealDisk(name)).toBe(real);
  });

  it('knows the paths of one LUN from disks of their own', () => {
    const disks = [
      disk('sda', { wwn: '0x600A' }),
      disk('sdb', { wwn: '0x600a' }),
      disk('sdc'),
      disk('sdd', { wwn: null }),
    ];
    const paths = [...lunPaths(disks)].map(([wwn, found]) => [wwn, found.map(({ name }) => name)]);
    expect(paths).toEqual([['0x600a', ['sda', 'sdb']]]);
  });
});
