import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '@lab/domain';
import type { BastionConfig } from '../config.js';

/** What an iPXE binary is a program for. */
type IpxeTarget = 'x86_64-efi' | 'arm64-efi' | 'bios';

export interface Binary {
  folder: string;
  name: string;
}

type Where = Pick<BastionConfig, 'ipxeDir'>;

/** Where Debian, Fedora and Arch put iPXE. */
const USUAL_FOLDERS = [
  '/usr/lib/ipxe',
  '/usr/share/ipxe',
  '/usr/share/ipxe/x86_64',
  '/usr/share/ipxe/arm64-efi',
];

/**
 * What a machine is given that netboots. First the build that drives the NIC through the firmware which has just booted
 * from it: it knows every NIC that the firmware knows. The one with drivers of its own comes second.
 */
const NETBOOT = {
  'x86_64-efi': [
    'snponly.efi',
    'ipxe-snponly-x86_64.efi',
    'snponly-x86_64.efi',
    'ipxe.efi',
    'ipxe-x86_64.efi',
    'ipxe-amd64.efi',
  ],
  'arm64-efi': ['snponly-arm64.efi', 'arm64-efi/snponly.efi', 'ipxe-arm64.efi', 'arm64-efi/ipxe.efi'],
  bios: ['undionly.kpxe', 'ipxe.pxe'],
} as const satisfies Record<IpxeTarget, readonly string[]>;

/** What a boot medium holds: there is no NIC that has booted, so only the builds with drivers of their own see one. */
const MEDIUM = {
  'x86_64-efi': ['ipxe-amd64.efi', 'ipxe-x86_64.efi', 'ipxe.efi'],
  'arm64-efi': ['ipxe-arm64.efi', 'arm64-efi/ipxe.efi'],
  bios: ['ipxe.lkrn'],
} as const satisfies Record<IpxeTarget, readonly string[]>;

const NAMES: Record<IpxeTarget, string> = {
  'x86_64-efi': 'iPXE for UEFI',
  'arm64-efi': 'iPXE for UEFI on arm64',
  bios: 'iPXE for BIOS',
};

const foldersOf = (config: Where): string[] => (config.ipxeDir === null ? USUAL_FOLDERS : [config.ipxeDir]);

async function find(config: Where, names: readonly string[]): Promise<Binary | undefined> {
  for (const folder of foldersOf(config)) {
    for (const name of names) {
      // Links are followed; those of an unpacked package may lead nowhere.
      const found = await stat(join(folder, name)).catch(() => undefined);
      if (found?.isFile() === true) return { folder, name };
    }
  }
  return undefined;
}

const netbootBinary = (config: Where, target: IpxeTarget): Promise<Binary | undefined> =>
  find(config, NETBOOT[target]);

/** iPXE for x86-64 UEFI machines that netboot. Raises `not-found`. */
export async function efiBinary(config: Where): Promise<Binary> {
  const found = await netbootBinary(config, 'x86_64-efi');
  if (found === undefined) throw missing(config, 'x86_64-efi', 'snponly.efi or ipxe.efi');
  return found;
}

/** iPXE for arm64 UEFI machines that netboot, if it is here. */
export const arm64Binary = (config: Where): Promise<Binary | undefined> => netbootBinary(config, 'arm64-efi');

/** iPXE for BIOS machines that netboot, if it is here. */
export const biosBinary = (config: Where): Promise<Binary | undefined> => netbootBinary(config, 'bios');

/** Looked for beside the program and in the root of its medium, by builds since 2021-01 (ipxe interface/efi/efi_autoexec.c). */
export const MEDIUM_SCRIPT = 'autoexec.ipxe';

/**
 * iPXE for a boot medium: BIOS and x86-64 UEFI always, arm64 UEFI if it is here. Raises `not-found`, also for a build that
 * would ignore the medium's script.
 */
export async function mediumBinaries(
  config: Where,
): Promise<{ 'x86_64-efi': Binary; bios: Binary; 'arm64-efi': Binary | undefined }> {
  const [efi, bios, arm] = await Promise.all(
    (['x86_64-efi', 'bios', 'arm64-efi'] as const).map((target) => find(config, MEDIUM[target])),
  );
  if (efi === undefined) throw missing(config, 'x86_64-efi', 'ipxe.efi');
  if (bios === undefined) throw missing(config, 'bios', 'ipxe.lkrn');
  if (!(await readsScript(efi))) {
    throw new LabError(
      'not-found',
      `${join(efi.folder, efi.name)} is too old for a boot medium: on UEFI machines it ignores the script on it`,
      {
        hint: 'Install iPXE of 2021 or later (Debian 13, Ubuntu 24.04, Fedora), or set BASTION_IPXE_DIR to a folder with its ipxe.efi, snponly.efi, ipxe.lkrn and undionly.kpxe.',
      },
    );
  }
  return {
    'x86_64-efi': efi,
    bios,
    'arm64-efi': arm !== undefined && (await readsScript(arm)) ? arm : undefined,
  };
}

/** The name of the script is in the program as it is. */
async function readsScript({ folder, name }: Binary): Promise<boolean> {
  return (await readFile(join(folder, name))).includes(MEDIUM_SCRIPT);
}

function missing(config: Where, target: IpxeTarget, names: string): LabError {
  return new LabError('not-found', `${NAMES[target]} was not found in ${foldersOf(config).join(', ')}`, {
    hint: `Install iPXE (Debian: apt-get install ipxe; Fedora: dnf install ipxe-bootimgs-x86), or set BASTION_IPXE_DIR to a folder with ${names}.`,
  });
}
