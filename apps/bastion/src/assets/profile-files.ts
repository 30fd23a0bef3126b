import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Profile } from '../kickstart/profile.schema.js';

const isUrl = (address: string): boolean => /^https?:\/\//.test(address);
/** The install tree is the profile's asset folder itself. */
const isTree = (template: string | undefined): boolean =>
  template !== undefined && /^\{\{\s*assets\s*\}\}\/?$/.test(template);

/**
 * What of the profile's own tree an install can't do without, each with what may be there in its place. The second stage is
 * `images/install.img` unless `.treeinfo` names another (dracut, anaconda-lib.sh `anaconda_net_root`); packages are found by
 * `.treeinfo`, which leads to variants, or by repodata at the root.
 */
function neededOf(profile: Profile): (readonly string[])[] {
  return [
    // What comes from elsewhere can't be looked for here.
    ...[profile.kernel, profile.initrd].filter((address) => !isUrl(address)).map((file) => [file]),
    ...(isTree(profile.stage2) ? [['images/install.img', '.treeinfo']] : []),
    ...(isTree(profile.repository) ? [['.treeinfo', 'repodata/repomd.xml']] : []),
  ];
}

/** Files of the profile that are in none of the folders, sorted. */
export async function missingFiles(profile: Profile, folders: readonly string[]): Promise<string[]> {
  const isThere = async (file: string): Promise<boolean> => {
    for (const folder of folders) {
      const found = await stat(join(folder, file)).catch(() => undefined);
      if (found?.isFile() === true) return true;
    }
    return false;
  };
  const missing = new Set<string>();
  for (const alternatives of neededOf(profile)) {
    const there = await Promise.all(alternatives.map(isThere));
    const [first] = alternatives;
    if (first !== undefined && !there.includes(true)) missing.add(first);
  }
  return [...missing].sort();
}
