import * as Flags from '@oclif/core/flags';
import { LabCommand, documentText, jsonFlag } from '@lab/cli-kit';

export default class ConfigViewCommand extends LabCommand {
  static override summary = 'Print the contexts file, secrets left out';
  static override examples = ['<%= config.bin %> config view'];
  static override flags = {
    output: Flags.string({
      char: 'o',
      description: 'format of the output',
      options: ['yaml', 'json'],
      default: 'yaml',
    }),
    json: jsonFlag,
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(ConfigViewCommand);
    const file = await this.contexts().read();
    const format = flags.json || flags.output === 'json' ? 'json' : 'yaml';
    this.terminal(flags).out(documentText(file.redacted(), format));
  }
}
