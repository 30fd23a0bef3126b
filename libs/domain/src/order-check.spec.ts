import { describe, expect, it } from '@jest/globals';
import { LabError } from './lab-error.js';
import { checkOrder } from './order-check.js';
import type { CheckedOrder, KnownHardware, Offer } from './order-facts.js';

const NOW = new Date('2026-11-25T12:00:00.000Z');
const OFFER: Offer = {
  bastion: 'site-a',
  linked: true,
  profiles: [
    { name: 'fedora-43', arch: 'x86_64', minMemoryBytes: 2 ** 31, bootModes: ['uefi', 'bios'], missing: [] },
    { name: 'uefi-only', arch: 'x86_64', bootModes: ['uefi'], missing: [] },
    { name: 'no-kernel', arch: 'x86_64', missing: ['images/pxeboot/vmlinuz'] },
    { name: 'fedora-43-arm', arch: 'aarch64' },
  ],
  layouts: [
    { name: 'worker', minDiskBytes: 204e9 },
    { name: 'small', minDiskBytes: 20e9 },
  ],
  roles: [
    { name: 'worker', layout: 'worker' },
    { name: 'vanilla', layout: 'small' },
  ],
};
const disk = (name: string, change: object = {}) => ({
  ...{ name, sizeBytes: 250e9, serial: `S-${name}`, wwn: null, byId: null, removable: false, hasData: false },
  ...change,
});
const MACHINE: KnownHardware = {
  arch: 'x86_64',
  bootMode: 'uefi',
  memoryBytes: 2 ** 34,
  disks: [disk('vda')],
  lastSeenAt: new Date(NOW.getTime() - 60_000),
};
const ORDER: CheckedOrder = {
  profile: 'fedora-43',
  role: 'worker',
  layout: null,
  bootOrder: null,
  disk: {},
  allowErase: false,
};
const check = (
  order: Partial<CheckedOrder> = {},
  machine: Partial<KnownHardware> = {},
  offer: Partial<Offer> = {},
) => checkOrder({ ...ORDER, ...order }, { ...OFFER, ...offer }, { ...MACHINE, ...machine }, NOW);
const warned = (...args: Parameters<typeof check>) =>
  check(...args).warnings.map(({ type, stage, condition }) => [type, stage, condition]);

describe('an order that is checked when it is given', () => {
  it('has nothing to be warned of when all is well', () => {
    expect(check()).toMatchObject({ warnings: [], erases: false, layout: 'worker', disk: { name: 'vda' } });
  });

  it.each([
    ['a profile that the bastion lacks', { profile: 'windows-95' }, 'profile'],
    ['a profile for another architecture', { profile: 'fedora-43-arm' }, 'profile'],
    ['a layout that the bastion lacks', { layout: 'nope' }, 'layout'],
    ['a role that the bastion lacks', { role: 'control-plane' }, 'role'],
    ...[
      '../../etc/passwd',
      '$(reboot)',
      '`id`',
      "a'b",
      'a b',
      '\u202eevil',
      'x'.repeat(64),
      '',
      '%include /etc',
      'Worker',
    ].map((layout): [string, Partial<CheckedOrder>, string] => [
      `the layout ${JSON.stringify(layout)}`,
      { layout },
      'layout',
    ]),
  ])('is refused for %s', (_what, order, path) => {
    for (const offer of [{}, { linked: false }]) {
      try {
        check(order, {}, offer);
        throw new Error('it was accepted');
      } catch (error) {
        expect(error).toBeInstanceOf(LabError);
        if (!(error instanceof LabError)) return;
        expect(error).toMatchObject({ code: 'invalid', errors: [{ path }] });
        expect(error.hint).toMatch(/\.$/);

        expect(error.message).not.toMatch(/[\u0000-\u001f\u202e]/);
      }
    }
  });

  it('is refused while the bastion lacks files of the install tree, with the command that brings them', () => {
    expect(() => check({ profile: 'no-kernel' })).toThrow(
      expect.objectContaining({
        code: 'invalid',
        message:
          'Bastion site-a has no complete install tree of no-kernel: images/pxeboot/vmlinuz is not there',
        hint: 'Bring them, on the machine of bastion site-a, with: labctl bastion assets pull no-kernel',
        errors: [{ path: 'profile', message: 'has no complete install tree on the bastion' }],
      }),
    );
  });

  it('refuses text that is no name of a layout, also where the bastion never told which it has', () => {
    const unknown = { layouts: undefined, roles: undefined };
    expect(() => check({ layout: '$(reboot)' }, {}, unknown)).toThrow(/no disk layout/);
    expect(warned({ layout: 'special' }, {}, unknown)).toEqual([['NotVerified', 'kickstart', null]]);
    expect(check({}, {}, unknown)).toMatchObject({ warnings: [], layout: null });
  });

  it.each<[string, Parameters<typeof check>, [string, string | null, string | null][]]>([
    ['a bastion that is away', [{}, {}, { linked: false }], [['BastionOffline', null, 'LinkLost']]],
    [
      'an install tree that lacked a file when the bastion was last heard of',
      [{ profile: 'no-kernel' }, {}, { linked: false }],
      [
        ['BastionOffline', null, 'LinkLost'],
        ['InstallTreeIncomplete', 'boot', 'Stuck'],
      ],
    ],
    ['too little memory', [{}, { memoryBytes: 2 ** 30 }], [['TooLittleMemory', 'hardware', null]]],
    [
      'the wrong boot mode',
      [{ profile: 'uefi-only' }, { bootMode: 'bios' }],
      [['BootModeMismatch', 'boot', null]],
    ],
    [
      'a disk rule that matches none',
      [{ disk: { serial: 'TYPO' } }],
      [['DiskMismatch', 'disk', 'DiskMismatch']],
    ],
    [
      'a disk rule that matches several',
      [{}, { disks: [disk('sda'), disk('sdb')] }],
      [['DiskMismatch', 'disk', 'DiskMismatch']],
    ],
    [
      'a disk with data and no leave to erase it',
      [{}, { disks: [disk('vda', { hasData: true })] }],
      [['DiskHoldsData', 'disk', null]],
    ],
    [
      'a disk that is too small',
      [{}, { disks: [disk('vda', { sizeBytes: 100e9 })] }],
      [['DiskTooSmall', 'disk', null]],
    ],
    [
      'hardware that was never reported',
      [{}, { disks: [], lastSeenAt: null }],
      [['HardwareUnknown', 'disk', null]],
    ],
    [
      'hardware that was reported long ago',
      [{}, { lastSeenAt: new Date(NOW.getTime() - 30 * 86_400_000) }],
      [['HardwareOld', null, null]],
    ],
    [
      'a boot order of a machine that has none to set',
      [{ bootOrder: 'network-first' }, { bootMode: 'bios' }],
      [['BootOrderNotApplicable', 'boot-order', null]],
    ],
    [
      'a boot order that the bastion is too old for',
      [{ bootOrder: 'disk-first' }],
      [['BootOrderNotApplicable', 'boot-order', null]],
    ],
    ['no boot order of its own on such a machine', [{}, { bootMode: 'bios' }], []],
    ['the boot order that an old bastion sets anyway', [{ bootOrder: 'network-first' }], []],
  ])('is accepted, with a warning and where it will show, for %s', (_what, args, expected) => {
    expect(warned(...args)).toEqual(expected);
  });

  it('takes the machine at its word only where it has spoken', () => {
    const silent = { arch: null, bootMode: null, memoryBytes: null };
    expect(check({ profile: 'fedora-43-arm' }, silent).warnings).toEqual([]);
  });

  it.each(['amd64', 'x86-64', 'X86_64'])('knows %s for x86_64', (arch) => {
    expect(check({}, { arch }).warnings).toEqual([]);
  });

  it('says that data is erased only if there may be some, and it is allowed', () => {
    const holds = (hasData: boolean | null, allowErase: boolean): boolean =>
      check({ allowErase }, { disks: [disk('vda', { hasData })] }).erases;
    expect([true, false, null].map((data) => [holds(data, true), holds(data, false)])).toEqual([
      [true, false],
      [false, false],
      [true, false],
    ]);
  });

  it('neutralises what a machine calls its disk', () => {
    const named = { disks: [disk('\u001b[31mvda', { serial: '\u0007x', hasData: true })] };

    expect(check({}, named).warnings[0]?.message).not.toMatch(/[\u0000-\u001f]/);
  });
});
