import { loadHelpClass } from '@oclif/core/help';
import { LabCommand } from '@lab/cli-kit';

export default class HelpCommand extends LabCommand {
  static override summary = 'Show what labctl or one of its commands can do';
  static override usage = 'help [COMMAND]';
  static override examples = ['<%= config.bin %> help provision'];
  static override strict = false;

  override async run(): Promise<void> {
    const { argv } = await this.parse(HelpCommand);
    const Help = await loadHelpClass(this.config);
    await new Help(this.config).showHelp(argv.map(String));
  }
}
