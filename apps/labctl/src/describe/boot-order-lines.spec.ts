import { describe, expect, it } from '@jest/globals';
import { bootOrderLines } from './boot-order-lines.js';

type Known = Parameters<typeof bootOrderLines>[2];

describe('the boot order of a described server', () => {
  const entry = (label: string) => ({ number: '0001', label, kind: 'other' as const });
  const known = (over: Partial<NonNullable<Known>> = {}): Known => ({
    ...{ asked: 'network-first', outcome: 'set', kept: true },
    ...{ before: [entry('Disk')], after: [entry('PXE'), entry('Fedora')] },
    ...over,
  });
  const said = (wanted: string | null, bootMode: string | null, order: Known): string =>
    bootOrderLines(wanted, bootMode, order)
      .map((line) => line.replace(/^ *Boot order: +/, '').trim())
      .join(' | ');

  it.each<[string | null, string | null, Known, string]>([
    [null, 'uefi', null, '<none>'],
    ['disk-first', 'uefi', null, 'disk first, once it is installed'],
    ['disk-first', 'bios', null, 'not applicable: a BIOS has it in its setup'],
    [null, 'uefi', known(), 'network first, as asked (PXE, Fedora) | before the install: Disk'],
    [
      'disk-first',
      'uefi',
      known({ before: null }),
      'network first, as asked (PXE, Fedora); disk first with the next install',
    ],
    [
      null,
      'uefi',
      known({ kept: false, before: [] }),
      'network first was set, and ignored by the firmware (PXE, Fedora) | before the install: no entry',
    ],
    [
      null,
      'uefi',
      known({ kept: null, after: null, before: null }),
      'network first was set; whether it was kept is not known',
    ],
    [
      null,
      'uefi',
      known({ outcome: 'refused', before: null }),
      'network first was refused by the firmware (PXE, Fedora)',
    ],
    [
      null,
      'uefi',
      known({ outcome: 'no-network-entry', before: null }),
      'network first was asked for; the firmware lists no network entry (PXE, Fedora)',
    ],
    [
      null,
      null,
      known({ outcome: 'bios', before: null, after: null }),
      'not applicable: a BIOS has it in its setup',
    ],
    [
      null,
      'uefi',
      known({ before: null, after: ['a\u001b[2J', 'b', 'c', 'd', 'e'].map(entry) }),
      'network first, as asked (a\uFFFD[2J, b, c, d, …)',
    ],
  ])('asked %s, %s mode', (wanted, mode, order, expected) => {
    expect(said(wanted, mode, order)).toBe(expected);
  });

  it('is left out by a labd that is older', () => {
    expect(bootOrderLines(null, 'uefi', undefined)).toHaveLength(1);
  });
});
