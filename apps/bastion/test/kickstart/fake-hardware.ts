import { symlink } from 'node:fs/promises';
import type { SectionMachine } from './section-runner.js';

export interface FakeDisk {
  name: string;
  bytes?: number;
  type?: string;
  removable?: boolean;
  readOnly?: boolean;
  serial?: string;
  wwn?: string;
  byId?: string;
  /** Signatures as wipefs names them, on the disk itself. */
  signatures?: string[];
}

/** Block devices that lsblk calls disks and that are none: what labd, `%pre` and discovery each have to know. */
export const NO_DISKS = [
  ...[
    'zram0',
    'ram0',
    'loop0',
    'sr0',
    'fd0',
    'nbd0',
    'dm-0',
    'md127',
    'md_d0',
    'mtdblock0',
    'ubiblock0_0',
    'zd16',
  ],
  ...[
    'drbd0',
    'rbd0',
    'rnbd0',
    'ublkb0',
    'nullb0',
    'zloop0',
    'bcache0',
    'pktcdvd0',
    'nvme0c0n1',
    'nvme12c3n4',
  ],
  ...['mmcblk0boot0', 'mmcblk1boot1', 'mmcblk0gp3', 'mmcblk0rpmb'],
] as const;

/**
 * Puts lsblk and wipefs with these disks in front of the real ones: a machine's disks can't be had in a test without
 * a machine. Their output has the form of util-linux 2.38; the real ones run in the VM scenarios.
 */
export async function withDisks(machine: SectionMachine, disks: readonly FakeDisk[]): Promise<void> {
  const pairs = disks.map(
    (disk) =>
      `NAME="${disk.name}" TYPE="${disk.type ?? 'disk'}" SIZE="${disk.bytes ?? 268_435_456_000}" RM="${disk.removable === true ? 1 : 0}" ` +
      `RO="${disk.readOnly === true ? 1 : 0}" ROTA="0" SERIAL="${disk.serial ?? ''}" WWN="${disk.wwn ?? ''}" TRAN="virtio" MODEL="QEMU HARDDISK "`,
  );
  await machine.put('disks', `${pairs.join('\n')}\n`);
  await machine.program(
    'lsblk',
    `case " $* " in *" --nodeps "*) cat '${machine.path('disks')}' ;; *" --list "*) echo "\${@: -1}" | sed 's|.*/||' ;; esac`,
  );
  await machine.program(
    'wipefs',
    `name=\${@: -1}; cat '${machine.path('signatures')}'/\${name##*/} 2>/dev/null || true`,
  );
  for (const disk of disks) {
    await machine.put(`dev/${disk.name}`, '');
    const rows = (disk.signatures ?? []).map((type) => `0x1fe,,,${type}\n`).join('');
    await machine.put(`signatures/${disk.name}`, `# offset,uuid,label,type\n${rows}`);
    if (disk.byId !== undefined)
      await symlink(`../../${disk.name}`, machine.path('dev/disk/by-id', disk.byId));
  }
  await machine.put('sys/firmware/efi/vars', '');
  await machine.put('mounts', 'proc /proc proc rw 0 0\n');
}
