import { mkdir, symlink } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { programs } from '@lab/testing';

export interface MediaPrograms {
  /** Settings of a bastion that makes boot media. */
  env: Record<string, string>;
  /** PATH on which it finds xorriso and mtools. */
  path: string;
}

/** What makes boot media, installed or from the cache. Lays ISOLINUX's files, of two packages, into one folder. */
export async function mediaPrograms(folder: string): Promise<MediaPrograms> {
  const found = await programs([
    'xorriso',
    'mformat',
    'mmd',
    'mcopy',
    'isolinux.bin',
    'ldlinux.c32',
    'ipxe.efi',
    'ipxe.lkrn',
  ]);
  const isolinux = join(folder, 'isolinux');
  await mkdir(isolinux, { recursive: true });
  const packaged = dirname(found['isolinux.bin']);
  await symlink(found['isolinux.bin'], join(isolinux, 'isolinux.bin'));
  await symlink(join(packaged, 'isohdpfx.bin'), join(isolinux, 'isohdpfx.bin'));
  await symlink(found['ldlinux.c32'], join(isolinux, 'ldlinux.c32'));
  const tools = new Set([found.xorriso, found.mformat, found.mmd, found.mcopy].map((tool) => dirname(tool)));
  return {
    env: { BASTION_IPXE_DIR: dirname(found['ipxe.efi']), BASTION_ISOLINUX_DIR: isolinux },
    path: [process.env['PATH'] ?? '', ...tools].join(delimiter),
  };
}
