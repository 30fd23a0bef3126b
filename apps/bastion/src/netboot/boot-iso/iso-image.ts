import { copyFile, lstat, mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '@lab/domain';
import { MEDIUM_SCRIPT } from '../../assets/ipxe-binaries.js';
import type { LoaderFiles } from './loader-files.js';
import { MEDIUM_DATE, type MediaTools } from './media-tools.js';

/** What a boot medium is made of; paths of files. */
export interface MediumParts {
  /** iPXE's script on it. */
  script: string;
  efi: string;
  efiArm64: string | null;
  bios: string;
  loader: LoaderFiles;
}

/** All programs on it together. */
const MAX_PROGRAM_BYTES = 64 * 2 ** 20;

const SECTOR_BYTES = 512;
/** A FAT of whole cylinders of 16 heads and 32 sectors. */
const CYLINDER_SECTORS = 16 * 32;
/** For the tables, the folders and what clusters leave unused. */
const SLACK_BYTES = 128 * 1024;

/** UEFI takes the program at this path of a removable medium (UEFI specification §3.5.1.1). */
const BOOTX64 = 'BOOTX64.EFI';
const BOOTAA64 = 'BOOTAA64.EFI';

/** ISOLINUX starts iPXE as a kernel, and the script as its initrd (ipxe util/genfsimg). */
const ISOLINUX_CFG = `SAY Starting iPXE
TIMEOUT 0
DEFAULT ipxe
LABEL ipxe
  KERNEL /ipxe.lkrn
  APPEND initrd=/${MEDIUM_SCRIPT}
`;

/**
 * Makes an ISO image that boots BIOS and UEFI machines, from a CD and, as it is, from a USB stick. Works in an empty folder;
 * answers the image's path. The same parts make the same bytes.
 */
export async function makeIsoImage(parts: MediumParts, run: MediaTools, work: string): Promise<string> {
  const tree = join(work, 'tree');
  await mkdir(join(tree, 'isolinux'), { recursive: true });
  await mkdir(join(tree, 'EFI'));
  const script = join(tree, MEDIUM_SCRIPT);
  await writeFile(script, parts.script);
  await copyFile(parts.bios, join(tree, 'ipxe.lkrn'));
  await copyFile(parts.loader.isolinux, join(tree, 'isolinux/isolinux.bin'));
  await copyFile(parts.loader.module, join(tree, 'isolinux/ldlinux.c32'));
  await writeFile(join(tree, 'isolinux/isolinux.cfg'), ISOLINUX_CFG);
  await makeFatImage(parts, run, { script, image: join(tree, 'EFI/efi.img'), work });
  await setDates(tree);
  const image = join(work, 'boot.iso');
  await run('xorriso', [
    ...['-as', 'mkisofs', '-quiet', '-r', '-J', '-V', 'LABBOOT', '-o', image],
    // Else ISO 9660's own names are 8.3, and ISOLINUX, which reads those, finds no "autoexec.ipxe".
    '-l',
    ...['-c', 'isolinux/boot.cat', '-b', 'isolinux/isolinux.bin', '-no-emul-boot', '-boot-load-size', '4'],
    ...['-boot-info-table', '-isohybrid-mbr', parts.loader.bootSector],
    // Only together with the MBR does the second option write a GPT: without either, firmware sees no disk on a stick.
    ...['-eltorito-alt-boot', '-e', 'EFI/efi.img', '-no-emul-boot', '-isohybrid-gpt-basdat', tree],
  ]);
  return image;
}

/** The file system that UEFI starts from, on a CD as on a stick. */
async function makeFatImage(
  parts: MediumParts,
  run: MediaTools,
  { script, image, work }: { script: string; image: string; work: string },
): Promise<void> {
  const files = [
    { from: parts.efi, name: BOOTX64 },
    ...(parts.efiArm64 === null ? [] : [{ from: parts.efiArm64, name: BOOTAA64 }]),
  ];
  const sizes = await Promise.all(
    [...files.map(({ from }) => from), script].map(async (path) => (await stat(path)).size),
  );
  const bytes = sizes.reduce((sum, size) => sum + size, SLACK_BYTES);
  if (bytes > MAX_PROGRAM_BYTES) {
    throw new LabError(
      'not-found',
      `The iPXE programs for a boot medium have ${bytes} bytes, which can't be right`,
      {
        hint: `Look at ${parts.efi}.`,
      },
    );
  }
  const cylinders = Math.ceil(bytes / SECTOR_BYTES / CYLINDER_SECTORS);
  const size = ['-T', String(cylinders * CYLINDER_SECTORS), '-h', '16', '-s', '32'];
  await run('mformat', ['-C', '-i', image, ...size, '-N', '20200101', '-v', 'LABBOOT', '::']);
  await run('mmd', ['-i', image, '::/EFI', '::/EFI/BOOT']);
  for (const { from, name } of files) {
    const dated = join(work, name);
    await copyFile(from, dated);
    await setDates(dated);
    await run('mcopy', ['-m', '-i', image, dated, `::/EFI/BOOT/${name}`]);
  }
  await setDates(script);
  // Newer builds look beside the program first, and say so if it isn't there; those of 2021 only in the root.
  for (const folder of ['/EFI/BOOT', '']) {
    await run('mcopy', ['-m', '-i', image, script, `::${folder}/${MEDIUM_SCRIPT}`]);
  }
}

async function setDates(path: string): Promise<void> {
  if ((await lstat(path)).isDirectory()) {
    for (const name of (await readdir(path)).sort()) await setDates(join(path, name));
  }
  await utimes(path, MEDIUM_DATE, MEDIUM_DATE);
}
