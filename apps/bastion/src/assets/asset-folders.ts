import { realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { LabError, isProfileName, printable } from '@lab/domain';
import type { BastionSettings } from '../config.js';

/** Where the files of a profile may be, in the order in which they are looked for. */
export const assetFoldersOf = (config: BastionSettings, profile: string): string[] => [
  join(config.folder, 'assets', profile),
  ...(config.profilesDir === null ? [] : [join(config.profilesDir, profile)]),
  join(config.assetsDir, 'profiles', profile),
];

/**
 * A segment that a file of an OS tree may have, hidden ones too: Anaconda asks for `.treeinfo` before anything else.
 * Never `.` or `..`, nor what could end a path early (NUL) or be a separator elsewhere.
 */
const SEGMENT = /^(?!\.{1,2}$)[^/\\\u0000-\u001f\u007f]{1,255}$/u;

/**
 * The file of a profile, as its folder and its path in it, with no symbolic link in either. Raises `not-found`; a path
 * that leaves the folder, by its text or through a link, is just not there. The folder itself may be a link.
 */
export async function findAsset(
  config: BastionSettings,
  profile: string,
  path: string,
): Promise<{ folder: string; path: string }> {
  const segments = path.split('/');
  if (isProfileName(profile) && path.length <= 1024 && segments.every((segment) => SEGMENT.test(segment))) {
    for (const candidate of assetFoldersOf(config, profile)) {
      const found = await insideOf(candidate, path);
      if (found !== undefined) return found;
    }
  }
  throw new LabError(
    'not-found',
    `There is no file ${printable(path)} for the profile "${printable(profile)}"`,
    {
      hint: `Put it into ${join('BASTION_DIR', 'assets', isProfileName(profile) ? profile : 'PROFILE')}. A link that leads out of that folder is not followed.`,
    },
  );
}

async function insideOf(
  candidate: string,
  path: string,
): Promise<{ folder: string; path: string } | undefined> {
  const folder = await realpath(candidate).catch(() => undefined);
  if (folder === undefined) return undefined;
  const file = await realpath(join(folder, path)).catch(() => undefined);
  if (file?.startsWith(folder + sep) !== true) return undefined;
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() === true ? { folder, path: file.slice(folder.length + sep.length) } : undefined;
}
