import { rm } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { bootOrderProblem, type BootOrder } from '@lab/domain';
import { FIRMWARE, fakeEfibootmgr, type Firmware } from '../../test/kickstart/fake-efibootmgr.js';
import { withDisks } from '../../test/kickstart/fake-hardware.js';
import { RecordingBastion } from '../../test/kickstart/recording-bastion.js';
import {
  SectionMachine,
  SYSTEM_PROGRAMS,
  installInput,
  section,
} from '../../test/kickstart/section-runner.js';
import { factsOf } from '../installs/reported-progress.js';
import { progressBody } from '../installs/report-body.js';

/** What comes of an install of that firmware: its calls, what the stage says, and what the first boot reports. */
async function installed(
  firmware: Firmware | null,
  asked: BootOrder | null,
  between?: (machine: SectionMachine) => Promise<void>,
  kernelLine = 'inst.ks=http://192.168.77.1/ks ip=dhcp',
) {
  await using bastion = await RecordingBastion.start();
  await using machine = await SectionMachine.create();
  await withDisks(machine, [{ name: 'vda' }]);
  for (const name of SYSTEM_PROGRAMS) await machine.program(name, 'exit 0');
  await machine.put('calls', '');
  await machine.put('proc/cmdline', kernelLine);
  if (firmware !== null) await fakeEfibootmgr(machine, firmware);
  else await rm(machine.path('sys/firmware/efi'), { recursive: true, force: true });
  const input = installInput(bastion.url, { bootOrder: asked });
  const env = { LAB_FLUSH_SECONDS: '5', LAB_ADDRESS_SECONDS: '0', LAB_MOUNTS: machine.path('mounts') };
  const post = { ...env, LAB_PROC: machine.path('proc') };
  for (const [opener, index] of [
    ['%pre', 0],
    ['%post', 0],
    ['%post', 1],
  ] as const)
    expect(
      await machine.run(await section(opener, input, index), opener === '%post' ? post : env),
    ).toMatchObject({ code: 0 });
  const calls = (await machine.read('calls')).trim();
  await between?.(machine);
  const script = await machine.read('sysroot/usr/local/sbin/lab-first-boot');
  await machine.run(script, { ...env, LAB_FIRST_BOOT_SECONDS: '30' });
  await bastion.until(() => bastion.story.includes('first-boot ended'));
  const report = bastion.progress.find(({ stage, event }) => stage === 'first-boot' && event === 'ended');
  const { facts } = progressBody.parse(report);
  const note = bastion.progress.find(
    ({ stage, event }) => stage === 'boot-order' && event === 'ended',
  )?.message;
  return { calls, note, order: facts == null ? undefined : factsOf(facts)?.bootOrder };
}

const labels = (entries: readonly { label: string }[] | null | undefined): string[] | undefined =>
  entries?.map(({ label }) => label);

describe('the boot order of an install', () => {
  it.each([17, 18] as const)(
    'is network first, then the disk that was installed, by efibootmgr %s; before and after are told',
    async (version) => {
      const { calls, order } = await installed({ ...FIRMWARE, version }, null);
      expect(calls).toBe('efibootmgr -q -o 0003,0005,0000,0001');
      expect(order).toMatchObject({
        asked: 'network-first',
        outcome: 'set',
        wanted: ['0003', '0005', '0000', '0001'],
      });
      expect(labels(order?.before)).toEqual([
        'Fedora',
        'UiApp',
        'UEFI PXEv4 (MAC:525400123456)',
        'UEFI QEMU HARDDISK',
      ]);
      expect(order?.after?.map(({ kind }) => kind)).toEqual(['network', 'disk', 'other', 'disk']);
      expect(order == null ? 'none' : bootOrderProblem(order)).toBeUndefined();
    },
  );

  it('is disk first where the server says so: the disk’s own entry, not that of another system', async () => {
    const other = {
      number: '0007',
      label: 'Windows Boot Manager',
      path: String.raw`HD(1,GPT,aaaaaaaa-0000-4000-8000-000000000009,0x800,0x1)/File(\EFI\Microsoft\Boot\bootmgfw.efi)`,
    };
    const firmware = { ...FIRMWARE, order: '0003,0007,0005', entries: [...FIRMWARE.entries, other] };
    const esp = (machine: SectionMachine) =>
      machine.program('findmnt', 'echo 9E6A6A5B-0000-4000-8000-000000000001');
    await using machine = await SectionMachine.create();
    await fakeEfibootmgr(machine, firmware);
    await esp(machine);
    await using bastion = await RecordingBastion.start();
    for (const name of SYSTEM_PROGRAMS) await machine.program(name, 'exit 0');
    const end = await machine.run(
      await section('%post', installInput(bastion.url, { bootOrder: 'disk-first' }), 1),
    );
    expect(end.code).toBe(0);
    expect((await machine.read('calls')).trim()).toBe('efibootmgr -q -o 0005,0003,0007');
  });

  it('is not written again where it is so already', async () => {
    const { calls, order } = await installed(FIRMWARE, 'disk-first');
    expect(calls).toBe('');
    expect(order).toMatchObject({
      asked: 'disk-first',
      outcome: 'set',
      wanted: ['0005', '0000', '0003', '0001'],
    });
  });

  it('leaves out numbers that the firmware has no entry for, takes them in any case, and makes one where there is none', async () => {
    const { calls } = await installed({ ...FIRMWARE, order: '0005,0099,0003' }, null);
    expect(calls).toBe('efibootmgr -q -o 0003,0005');
    const lower = FIRMWARE.entries.map((entry) =>
      entry.number === '0003' ? { ...entry, number: '000a' } : entry,
    );
    expect(
      (await installed({ ...FIRMWARE, current: '000A', order: '0005,000A', entries: lower }, null)).calls,
    ).toBe('efibootmgr -q -o 000A,0005');
    expect((await installed({ ...FIRMWARE, order: null }, null)).calls).toBe('efibootmgr -q -o 0003,0005');
  });

  it('begins with the medium that the machine booted from, whatever network entries there are', async () => {
    const stick = {
      number: '0002',
      label: 'UEFI QEMU USB HARDDRIVE',
      path: 'PciRoot(0x0)/Pci(0x4,0x0)/USB(0,0)',
    };
    const medium = {
      ...FIRMWARE,
      ...{ current: '0002', order: '0000,0003,0002', entries: [...FIRMWARE.entries, stick] },
    };
    const line = 'ip=dhcp lab.medium=1';
    expect((await installed(medium, null, undefined, line)).calls).toBe(
      'efibootmgr -q -o 0002,0005,0000,0003',
    );
    const unlisted = await installed({ ...FIRMWARE, current: '0009' }, null, undefined, line);
    expect(unlisted.calls).toBe('');
    expect(unlisted.note).toMatch(/lists no entry of the boot medium/);
  });

  it('is told when the firmware has another at the first boot, with what that means', async () => {
    const { order } = await installed(FIRMWARE, null, (machine) => machine.put('nvram/order', '0005,0003'));
    expect(order == null ? undefined : bootOrderProblem(order)).toMatchObject({
      reason: 'FirmwareIgnored',
      message: expect.stringContaining('has put "Fedora" first'),
    });
  });

  it.each<[string, Firmware, BootOrder, string, RegExp]>([
    [
      'lists no network entry',
      { ...FIRMWARE, order: '0005', entries: FIRMWARE.entries.filter(({ number }) => number !== '0003') },
      'network-first',
      'no-network-entry',
      /lists no network entry/,
    ],
    [
      'lists no entry of the disk',
      { ...FIRMWARE, order: '0003', entries: FIRMWARE.entries.filter(({ number }) => number !== '0005') },
      'disk-first',
      'no-disk-entry',
      /lists no entry of the disk/,
    ],
    [
      'refuses',
      { ...FIRMWARE, refuses: true },
      'network-first',
      'refused',
      /refused the boot order 0003,0005,0000,0001/,
    ],
  ])('is a note of its stage when the firmware %s', async (_, firmware, asked, outcome, note) => {
    const result = await installed(firmware, asked);
    expect(result.note).toMatch(note);
    expect(result.order).toMatchObject({ asked, outcome });
  });

  it('is read without paths where efibootmgr 17 gives up at one', async () => {
    const { calls } = await installed({ ...FIRMWARE, version: 17, unreadable: true }, null);
    expect(calls).toBe('efibootmgr -q -o 0003,0005,0000,0001');
  });

  it('is none of a BIOS, and said to be', async () => {
    const { order } = await installed(null, 'disk-first');
    expect(order).toEqual({ asked: 'disk-first', outcome: 'bios', wanted: [], before: null, after: null });
  });

  it('has labels that are the firmware’s own words, cleaned and cut', async () => {
    const entries = FIRMWARE.entries.map((entry) =>
      entry.number === '0001' ? { ...entry, label: `\u001b[2J"quoted\\${'x'.repeat(400)}` } : entry,
    );
    const { order } = await installed({ ...FIRMWARE, order: '0001,0005,0003', entries }, null);
    const label = order?.before?.[0]?.label ?? '';
    expect(label).not.toContain('\u001b');
    expect(label.length).toBeLessThanOrEqual(128);
  });
});
