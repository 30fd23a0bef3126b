import { inside, missingFrom, textOf, type TreeNeeds, type TreeView } from '@lab/install-trees';
import type { BastionSettings } from '../config.js';
import type { Profile } from '../kickstart/profile.schema.js';
import { findAsset } from './asset-folders.js';

const isUrl = (address: string): boolean => /^https?:\/\//.test(address);
/** The install tree is the profile's asset folder itself. */
const isTree = (template: string | undefined): boolean =>
  template !== undefined && /^\{\{\s*assets\s*\}\}\/?$/.test(template);

/** What of a profile comes from its own tree; what comes from elsewhere can't be looked for here. */
export const treeNeedsOf = (profile: Profile): TreeNeeds => ({
  kernel: isUrl(profile.kernel) ? null : profile.kernel,
  initrd: isUrl(profile.initrd) ? null : profile.initrd,
  stage2: isTree(profile.stage2),
  repository: isTree(profile.repository),
});

/** The files of a profile as machines are served them: by the same search, with the same refusals. */
function servedFiles(config: BastionSettings, profile: string): TreeView {
  const find = (path: string) => findAsset(config, profile, path).catch(() => undefined);
  return {
    has: async (path) => (await find(path)) !== undefined,
    text: async (path, maxBytes) => {
      const found = await find(path);
      return found === undefined ? undefined : textOf(await inside(found.folder, found.path), maxBytes);
    },
  };
}

/** Files that an install of the profile can't do without, and that a machine wouldn't get now; sorted. */
export const missingFiles = (config: BastionSettings, profile: Profile): Promise<string[]> =>
  missingFrom(servedFiles(config, profile.name), treeNeedsOf(profile));
