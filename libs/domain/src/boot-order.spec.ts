import { describe, expect, it } from '@jest/globals';
import { bootEntriesOf, bootOrderProblem, type BootOrderReport } from './boot-order.js';

describe('boot entries', () => {
  const numbers = (lines: string[]) => bootEntriesOf(lines)?.map(({ number, kind }) => `${number} ${kind}`);
  it('are read in their order, from what efibootmgr 17 and 18 print', () => {
    const order = 'BootOrder: 0005,0000,0003,00A1';
    const v17 = [
      'BootCurrent: 0003',
      order,
      'Boot0000* UiApp',
      'Boot0003* UEFI PXEv4 (MAC:525400123456)',
      'Boot0005* Fedora',
      'Boot00A1  UEFI: IP4 Intel Network',
    ];
    expect(numbers(v17)).toEqual(['0005 other', '0000 other', '0003 network', '00A1 network']);
    const v18 = [
      'BootCurrent: 0003',
      order,
      'Boot0000* UiApp\tFvVol(7cb8bdc9-f8eb-4f34-aaea-3ee4af6516a1)/FvFile(462caa21)',
      'Boot0003* Onboard LAN\tPciRoot(0x0)/Pci(0x3,0x0)/MAC(525400123456,1)/IPv4(0.0.0.0,0,DHCP)',
      '      dp: 02 01 0c 00',
      'Boot0005* Fedora\tHD(1,GPT,9e6a6a5b,0x800,0x12c000)/File(\\EFI\\fedora\\shimx64.efi)',
      'Boot00a1  NICE disk\tPciRoot(0x0)/Sata(0,0,0)',
    ];
    expect(numbers(v18)).toEqual(['0005 disk', '0000 other', '0003 network', '00A1 disk']);
  });
  it('without a variable are left out, as are those that are no part of the order; a number counts once', () => {
    expect(numbers(['BootOrder: 0001,0009,0001', 'Boot0001* a', 'Boot0002* b', 'Boot0001* c'])).toEqual([
      '0001 other',
    ]);
  });
  it('are not known without an order', () => {
    expect(bootEntriesOf(['No BootOrder is set; firmware will attempt recovery', 'Boot0001* a'])).toBeNull();
    expect(bootEntriesOf([])).toBeNull();
    expect(bootEntriesOf(['BootOrder: ;rm -rf /', 'Boot0001* a'])).toEqual([]);
  });
  it('are bounded in number and length', () => {
    const all = Array.from({ length: 60 }, (_, index) => index.toString(16).padStart(4, '0'));
    const entries = bootEntriesOf([
      `BootOrder: ${all.join(',')}`,
      ...all.map((number) => `Boot${number}* ${'x'.repeat(5000)}`),
    ]);
    expect(entries).toHaveLength(32);
    expect(entries?.[0]?.label).toHaveLength(96);
  });
});

describe('an order that the firmware', () => {
  const network = { number: '0003', label: 'PXE', kind: 'network' } as const;
  const disk = { number: '0005', label: 'Fedora', kind: 'disk' } as const;
  const report = (over: Partial<BootOrderReport>): BootOrderReport => ({
    ...{
      asked: 'network-first',
      outcome: 'set',
      wanted: ['0003', '0005'],
      before: null,
      after: [network, disk],
    },
    ...over,
  });
  it.each<[string, Partial<BootOrderReport>]>([
    ['keeps', {}],
    [
      'keeps, with one more behind',
      { after: [network, { number: '0009', label: 'new', kind: 'other' }, disk] },
    ],
    ['does not tell', { after: null }],
    ['has none for', { outcome: 'no-network-entry', wanted: [], after: [disk] }],
    ['has not at all, being a BIOS', { outcome: 'bios', wanted: [], after: null }],
    ['could not be asked about', { outcome: 'unknown', wanted: [] }],
  ])('%s is no problem', (_, over) => {
    expect(bootOrderProblem(report(over))).toBeUndefined();
  });
  it.each<[string, Partial<BootOrderReport>, RegExp]>([
    [
      'network first, disk',
      { after: [disk, network] },
      /told network first, and has put "Fedora" first\. .*without asking its bastion.*reprovision needs a network boot/,
    ],
    [
      'network first, another NIC',
      { after: [{ ...network, number: '0004' }] },
      /another entry than it was installed by/,
    ],
    [
      'disk first, network',
      { asked: 'disk-first', wanted: ['0005'], after: [network, disk] },
      /told disk first, .*does not loop.*waits for the network/,
    ],
    [
      'disk first, another disk',
      { asked: 'disk-first', wanted: ['0005'], after: [{ ...disk, number: '0001' }] },
      /does not start from the disk that was installed/,
    ],
    [
      'refused',
      { outcome: 'refused', after: [disk] },
      /^The firmware refused the order network first\. .*without asking/,
    ],
  ])('does otherwise is told with what it means: %s', (_, over, message) => {
    expect(bootOrderProblem(report(over))?.message).toMatch(message);
  });
});
