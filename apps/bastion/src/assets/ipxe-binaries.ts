import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '@lab/domain';
import type { BastionConfig } from '../config.js';

/** Where Debian, Fedora and Arch put iPXE. */
const USUAL_FOLDERS = ['/usr/lib/ipxe', '/usr/share/ipxe', '/usr/lib/ipxe/qemu', '/usr/share/ipxe/x86_64'];
/** The same program under its names; `snponly` drives the NIC through the firmware that has just booted from it. */
const EFI_NAMES = ['ipxe.efi', 'snponly.efi', 'ipxe-x86_64.efi', 'ipxe-amd64.efi', 'ipxe-snponly-x86_64.efi'];
/** Debian has them in a folder of their own, Fedora in one of that architecture. */
const ARM64_NAMES = [
  'ipxe-arm64.efi',
  'arm64-efi/snponly.efi',
  'arm64-efi/ipxe.efi',
  'snponly-arm64.efi',
  'ipxe-snponly-arm64.efi',
];
const BIOS_NAMES = ['undionly.kpxe', 'ipxe.pxe'];

export interface Binary {
  folder: string;
  name: string;
}

async function find(
  config: Pick<BastionConfig, 'ipxeDir'>,
  names: readonly string[],
): Promise<Binary | undefined> {
  for (const folder of config.ipxeDir === null ? USUAL_FOLDERS : [config.ipxeDir]) {
    for (const name of names) {
      const found = await stat(join(folder, name)).catch(() => undefined);
      if (found?.isFile() === true) return { folder, name };
    }
  }
  return undefined;
}

/** iPXE for UEFI machines. Raises `not-found`. */
export async function efiBinary(config: Pick<BastionConfig, 'ipxeDir'>): Promise<Binary> {
  const found = await find(config, EFI_NAMES);
  if (found !== undefined) return found;
  throw new LabError(
    'not-found',
    `iPXE for UEFI was not found in ${config.ipxeDir ?? USUAL_FOLDERS.join(', ')}`,
    {
      hint: 'Install iPXE (Debian: apt-get install ipxe), or set BASTION_IPXE_DIR to a folder with ipxe.efi.',
    },
  );
}

/** iPXE for BIOS machines, if it is here. */
export const biosBinary = (config: Pick<BastionConfig, 'ipxeDir'>): Promise<Binary | undefined> =>
  find(config, BIOS_NAMES);

/** iPXE for arm64 UEFI machines, if it is here. */
export const arm64Binary = (config: Pick<BastionConfig, 'ipxeDir'>): Promise<Binary | undefined> =>
  find(config, ARM64_NAMES);
