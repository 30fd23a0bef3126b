import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { CliError, confirm, usageError } from '@lab/cli-kit';
import { dirFlag } from '../../../local-bastion.js';
import { AssetsCommand } from '../../../trees/assets-command.js';
import { profileNamed } from '../../../trees/profiles.js';

export default class BastionAssetsRemoveCommand extends AssetsCommand {
  static override summary = 'Remove the install tree of a profile';
  static override description = `Also what a stopped pull has brought. Installs that run from it fail. Only what lies in the bastion's own folder is removed; of a link to another place, only the link.`;
  static override examples = [
    '<%= config.bin %> bastion assets remove fedora-43',
    '<%= config.bin %> bastion assets remove fedora-43 --yes',
  ];
  static override args = {
    profile: Args.string({ description: 'as labctl bastion assets list names it', required: true }),
  };
  static override flags = { dir: dirFlag, yes: Flags.boolean({ char: 'y', description: 'do not ask' }) };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(BastionAssetsRemoveCommand);
    const terminal = this.terminal(flags);
    if (!flags.yes && !terminal.interactive) {
      throw usageError('this removes an install tree and was not confirmed', 'Add --yes.');
    }
    const { store, profiles } = await this.trees(flags.dir);
    const { name } = profileNamed(profiles, args.profile);
    await confirm(terminal, {
      warning: `The install tree of ${name} will be removed from ${store.served(name)}.`,
      ...{ name, given: flags.yes ? name : undefined },
    });
    if (!(await store.exclusively(name, () => store.remove(name)))) {
      throw new CliError('not-found', `There is no install tree of ${name} in ${store.served(name)}`, {
        hint: 'See what there is with: labctl bastion assets list -o wide',
      });
    }
    terminal.out(`profile/${name} removed\n`);
  }
}
