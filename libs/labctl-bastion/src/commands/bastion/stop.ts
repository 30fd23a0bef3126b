import { LabCommand, bastionFolderInUse } from '@lab/cli-kit';
import { dirFlag } from '../../local-bastion.js';
import { stopIn } from '../../standalone/stop-site.js';

export default class BastionStopCommand extends LabCommand {
  static override summary = 'End the bastion on this machine';
  static override description =
    'Installs that run go on by themselves, and report when it is back. Of a site that stands alone, labd and its database end with it.';
  static override examples = ['<%= config.bin %> bastion stop'];
  static override flags = { dir: dirFlag };

  override async run(): Promise<void> {
    const { flags } = await this.parse(BastionStopCommand);
    const folder = await bastionFolderInUse(flags.dir, this.environment);
    const terminal = this.terminal(flags);
    const stopped = await stopIn(folder);
    if (stopped === undefined) terminal.note(`No bastion runs in ${folder}.\n`);
    else terminal.out(stopped === 'site' ? 'bastion and labd stopped\n' : 'bastion stopped\n');
  }
}
