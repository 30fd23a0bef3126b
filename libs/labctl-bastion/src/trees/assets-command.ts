import { LabCommand } from '@lab/cli-kit';
import { TreeStore, type TreeProfile } from '@lab/install-trees';
import { bastionFolder } from '../local-bastion.js';
import { treeProfiles } from './profiles.js';

/** What the commands of `labctl bastion assets` have in common. */
export abstract class AssetsCommand extends LabCommand {
  /** The trees of the bastion that `--dir` means, and the profiles that it has. */
  protected async trees(
    dir: string | undefined,
  ): Promise<{ folder: string; store: TreeStore; profiles: TreeProfile[] }> {
    const folder = bastionFolder(dir, this.environment.bastionDir);
    const profiles = await treeProfiles(folder, this.environment.path, this.config.root);
    return { folder, store: new TreeStore(folder), profiles };
  }
}
