import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '@lab/domain';
import type { BastionConfig } from '../../config.js';

/** Where Debian (isolinux, syslinux-common), Fedora and Arch put them. */
const USUAL_FOLDERS = [
  '/usr/lib/ISOLINUX',
  '/usr/lib/syslinux/modules/bios',
  '/usr/share/syslinux',
  '/usr/lib/syslinux/bios',
];

/** What starts iPXE from a medium on a BIOS machine. */
export interface LoaderFiles {
  /** The CD's boot loader. */
  isolinux: string;
  /** Its one module. */
  module: string;
  /** The first sector of the same image as a disk, which finds the loader. */
  bootSector: string;
}

/** Raises `not-found` that says what to install. */
export async function loaderFiles(config: Pick<BastionConfig, 'isolinuxDir'>): Promise<LoaderFiles> {
  const folders = config.isolinuxDir === null ? USUAL_FOLDERS : [config.isolinuxDir];
  const find = async (name: string): Promise<string> => {
    for (const folder of folders) {
      const found = await stat(join(folder, name)).catch(() => undefined);
      if (found?.isFile() === true) return join(folder, name);
    }
    throw new LabError('not-found', `${name} of ISOLINUX was not found in ${folders.join(', ')}`, {
      hint: 'Install it on the bastion (Debian: apt-get install isolinux syslinux-common; Fedora: dnf install syslinux), or set BASTION_ISOLINUX_DIR to a folder with isolinux.bin, isohdpfx.bin and ldlinux.c32.',
    });
  };
  return {
    isolinux: await find('isolinux.bin'),
    module: await find('ldlinux.c32'),
    bootSector: await find('isohdpfx.bin'),
  };
}
