import * as Args from '@oclif/core/args';
import { LabCommand, oneLine, settingNamed } from '@lab/cli-kit';

export default class ConfigGetCommand extends LabCommand {
  static override summary = 'Print a setting';
  static override examples = ['<%= config.bin %> config get request-timeout'];
  static override args = { name: Args.string({ description: 'name of the setting', required: true }) };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(ConfigGetCommand);
    const { byDefault } = settingNamed(args.name);
    const set = (await this.contexts().read()).settings();
    this.terminal(flags).out(`${oneLine(set.get(args.name) ?? byDefault)}\n`);
  }
}
