import { mkdir, symlink } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { programs } from './programs.js';

/** Settings of a bastion with what makes boot media, installed or from the cache. Lays ISOLINUX's files, of two packages, into one folder. */
export async function mediaPrograms(folder: string): Promise<Record<string, string>> {
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
    BASTION_IPXE_DIR: dirname(found['ipxe.efi']),
    BASTION_ISOLINUX_DIR: isolinux,
    PATH: [process.env['PATH'] ?? '', ...tools].join(delimiter),
  };
}
