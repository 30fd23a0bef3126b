import type { Inventory } from '@lab/protocol';
import type { BastionConfig } from '../config.js';
import type { BastionAssets } from '../kickstart/assets.loader.js';
import { assetFoldersOf } from './asset-folders.js';
import { missingFiles } from './profile-files.js';

/** What this bastion can install, with the files of install trees that aren't there now. A look at the disk. */
export async function inventoryOf(assets: BastionAssets, config: BastionConfig): Promise<Inventory> {
  const profiles = await Promise.all(
    [...assets.profiles.values()].map(async (profile) => ({
      name: profile.name,
      title: profile.title,
      os: profile.os,
      version: profile.version,
      arch: profile.arch,
      minMemoryBytes: profile.minMemoryBytes,
      bootModes: [...profile.bootModes],
      bootOrder: profile.bootOrder,
      missing: await missingFiles(profile, assetFoldersOf(config, profile.name)),
    })),
  );
  return {
    profiles,
    layouts: [...assets.layouts.values()].map(({ name, title, minDiskBytes }) => ({
      ...{ name, title, minDiskBytes },
    })),
    roles: [...assets.roles.values()].map(({ name, layout }) => ({ name, layout })),
  };
}
