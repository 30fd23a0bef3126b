import { describe, expect, it } from '@jest/globals';
import { diskMismatch, type DiskRule, type KnownDisk } from './disk-rule.js';

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
});
