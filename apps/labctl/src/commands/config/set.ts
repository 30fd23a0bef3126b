import * as Args from '@oclif/core/args';
import { LabCommand, oneLine, settingNamed, usageError } from '@lab/cli-kit';

export default class ConfigSetCommand extends LabCommand {
  static override summary = 'Set a default; without a value take it away';
  static override description = 'A flag goes before the environment, the environment before the file.';
  static override examples = [
    '<%= config.bin %> config set request-timeout 2m',
    '<%= config.bin %> config set request-timeout',
  ];
  static override args = {
    name: Args.string({ description: 'name of the setting', required: true }),
    value: Args.string({ description: 'its value' }),
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(ConfigSetCommand);
    const { name, value } = args;
    const setting = settingNamed(name);
    if (value === '')
      throw usageError(`the value of ${name} is empty`, `Take it away with labctl config set ${name}.`);
    if (value !== undefined) setting.check(value);
    await this.contexts().update((file) => {
      file.setSetting(name, value);
      return true;
    });
    this.terminal(flags).out(
      value === undefined
        ? `${name} is ${setting.byDefault}, the default\n`
        : `${name} is ${oneLine(value)}\n`,
    );
  }
}
