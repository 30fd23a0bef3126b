import { chmod, copyFile, mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '@lab/domain';
import { arm64Binary, biosBinary, efiBinary, type Binary } from '../assets/ipxe-binaries.js';
import type { BastionConfig } from '../config.js';
import { BOOT_FILES } from './dnsmasq-config.js';

export interface TftpRoot {
  folder: string;
  /** Whether there is a program for these. */
  bios: boolean;
  arm64: boolean;
}

/** TFTP carries only iPXE; the folder holds nothing else, and anyone may read it. Raises `environment` without iPXE for UEFI. */
export async function layTftpRoot(config: Pick<BastionConfig, 'folder' | 'ipxeDir'>): Promise<TftpRoot> {
  const folder = join(config.folder, 'tftp');
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o755);
  const efi = await efiBinary(config).catch((error: unknown) => {
    // Found missing by a request it is a 404; here it is why the bastion can't start.
    if (error instanceof LabError)
      throw new LabError('environment', error.message, { hint: error.hint ?? '' });
    throw error;
  });
  const [bios, arm64] = await Promise.all([biosBinary(config), arm64Binary(config)]);
  const copy = async (from: Binary | undefined, name: string): Promise<void> => {
    if (from === undefined) return;
    const file = join(folder, name);
    await copyFile(join(from.folder, from.name), `${file}.new`);
    await chmod(`${file}.new`, 0o644);
    await rename(`${file}.new`, file);
  };
  await copy(efi, BOOT_FILES.x64);
  await copy(bios, BOOT_FILES.bios);
  await copy(arm64, BOOT_FILES.arm64);
  return { folder, bios: bios !== undefined, arm64: arm64 !== undefined };
}
