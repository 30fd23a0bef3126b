import * as Args from '@oclif/core/args';
import { bytesText } from '@lab/cli-kit';
import { importIso } from '@lab/install-trees';
import { dirFlag } from '../../../local-bastion.js';
import { AssetsCommand } from '../../../trees/assets-command.js';
import { profileNamed } from '../../../trees/profiles.js';
import { TerminalProgress } from '../../../trees/terminal-progress.js';

export default class BastionAssetsImportCommand extends AssetsCommand {
  static override summary = 'Take the install tree of a profile out of an installer DVD';
  static override description = `The DVD of Fedora Server or of the RHEL family, as an ISO file: it is not mounted, and root is not needed. It has to be of the profile's system and version, and all of its checksums have to be right.
Machines are served the tree that is there until the new one is complete.`;
  static override examples = [
    '<%= config.bin %> bastion assets import fedora-43 Fedora-Server-dvd-x86_64-43.iso',
  ];
  static override args = {
    profile: Args.string({ description: 'as labctl bastion assets list names it', required: true }),
    file: Args.string({ description: 'the ISO file', required: true }),
  };
  static override flags = { dir: dirFlag };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(BastionAssetsImportCommand);
    const { store, profiles } = await this.trees(flags.dir);
    const profile = profileNamed(profiles, args.profile);
    const terminal = this.terminal(flags);
    const progress = new TerminalProgress(terminal, Date.now);
    this.onInterrupt(terminal, 'Stopped. Machines are served what they were before.');
    const imported = await importIso(store, {
      ...{ profile, file: args.file, progress, now: new Date() },
      signal: new AbortController().signal,
    }).finally(() => progress.end());
    terminal.out(
      `profile/${profile.name} imported: ${bytesText(imported.bytes)} in ${imported.files} files, all checksums right\n`,
    );
  }
}
