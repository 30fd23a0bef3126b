import type { TreeProfile } from '@lab/install-trees';
import type { BastionSettings } from '../config.js';
import { loadProfiles } from '../kickstart/assets.loader.js';
import { join } from 'node:path';
import type { Profile } from '../kickstart/profile.schema.js';
import { assetFoldersOf } from './asset-folders.js';
import { missingFiles, treeNeedsOf } from './profile-files.js';

/** The profiles that a bastion with these settings has, with the state of their trees: what `bastion profiles` prints. */
export async function profileList(
  config: BastionSettings,
): Promise<{ folder: string; profiles: TreeProfile[] }> {
  const more = config.profilesDir === null ? [] : [config.profilesDir];
  const profiles = await loadProfiles([join(config.assetsDir, 'profiles'), ...more]);
  const told = [...profiles.values()].map(async (profile): Promise<TreeProfile> => {
    const { name, title, os, version, arch } = profile;
    return {
      ...{ name, title, os, version, arch },
      needs: treeNeedsOf(profile),
      source: sourceOf(profile),
      folders: assetFoldersOf(config, name),
      missing: await missingFiles(config, profile),
    };
  });
  const list = await Promise.all(told);
  return { folder: config.folder, profiles: list.sort((one, other) => (one.name < other.name ? -1 : 1)) };
}

const sourceOf = ({ source, version, arch }: Profile): string | null =>
  source?.replaceAll(/\{\{\s*version\s*\}\}/g, version).replaceAll(/\{\{\s*arch\s*\}\}/g, arch) ?? null;
