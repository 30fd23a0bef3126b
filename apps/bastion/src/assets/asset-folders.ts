import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError, isProfileName, printable } from '@lab/domain';
import type { BastionConfig } from '../config.js';

/** Where the files of a profile may be, in the order in which they are looked for. */
export const assetFoldersOf = (config: BastionConfig, profile: string): string[] => [
  join(config.folder, 'assets', profile),
  ...(config.profilesDir === null ? [] : [join(config.profilesDir, profile)]),
  join(config.assetsDir, 'profiles', profile),
];

/** A segment that a file of an OS tree may have; never `.`, `..` or a hidden file. */
const SEGMENT = /^[A-Za-z0-9_][A-Za-z0-9._+~^@:,=-]{0,254}$/;

/** The folder that holds that file of a profile. Raises `not-found`; a path that leaves the folder is just not there. */
export async function findAsset(
  config: BastionConfig,
  profile: string,
  path: string,
): Promise<{ folder: string; path: string }> {
  const segments = path.split('/');
  if (isProfileName(profile) && path.length <= 1024 && segments.every((segment) => SEGMENT.test(segment))) {
    for (const folder of assetFoldersOf(config, profile)) {
      const found = await stat(join(folder, path)).catch(() => undefined);
      if (found?.isFile() === true) return { folder, path };
    }
  }
  throw new LabError(
    'not-found',
    `There is no file ${printable(path)} for the profile "${printable(profile)}"`,
    {
      hint: `Put it into ${join('BASTION_DIR', 'assets', isProfileName(profile) ? profile : 'PROFILE')}.`,
    },
  );
}
