import type { Inventory } from '@lab/protocol';
import type { BastionSettings } from '../config.js';
import type { BastionAssets } from '../kickstart/assets.loader.js';
import { missingFiles } from './profile-files.js';

/** What this bastion can install, with the files of install trees that aren't there now. A look at the disk. */
export async function inventoryOf(assets: BastionAssets, config: BastionSettings): Promise<Inventory> {
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
      missing: await missingFiles(config, profile),
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
