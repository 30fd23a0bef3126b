import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { LabCommand } from '@lab/cli-kit';
import { dirFlag } from '../../../local-bastion.js';
import BastionStartCommand from '../../bastion/start.js';
import BastionStatusCommand from '../../bastion/status.js';
import BastionStopCommand from '../../bastion/stop.js';

export default class InitBastionStandaloneCommand extends LabCommand {
  static override summary = 'Set up a site on this machine: labd, its database and a bastion';
  static override description = 'The same as bastion start --standalone, bastion stop and bastion status.';
  static override examples = [
    '<%= config.bin %> init bastion standalone --dir /var/lib/lab-bastion --interface eth1',
    '<%= config.bin %> init bastion standalone status',
  ];
  static override args = {
    action: Args.string({
      description: 'what to do',
      options: ['start', 'stop', 'status'],
      default: 'start',
    }),
  };
  static override flags = {
    dir: dirFlag,
    foreground: Flags.boolean({ description: 'stay here until Ctrl-C' }),
    interface: BastionStartCommand.flags.interface,
    range: BastionStartCommand.flags.range,
    proxy: BastionStartCommand.flags.proxy,
  };

  override async run(): Promise<void> {
    const { args, argv } = await this.parse(InitBastionStandaloneCommand);
    const index = this.argv.indexOf(args.action);
    const rest = argv.length > 0 && index >= 0 ? this.argv.toSpliced(index, 1) : this.argv;
    switch (args.action) {
      case 'stop':
        await BastionStopCommand.run(rest, this.config);
        return;
      case 'status':
        await BastionStatusCommand.run(rest, this.config);
        return;
      default:
        await BastionStartCommand.run(['--standalone', ...rest], this.config);
    }
  }
}
