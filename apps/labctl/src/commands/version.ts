import { LabCommand, documentText, formatOf, jsonFlag, outputFlag } from '@lab/cli-kit';
import { versionText } from '../version-text.js';

export default class VersionCommand extends LabCommand {
  static override summary = 'Print the version of labctl';
  static override examples = ['<%= config.bin %> version'];
  static override flags = { output: outputFlag, json: jsonFlag };

  override async run(): Promise<void> {
    const { flags } = await this.parse(VersionCommand);
    const format = formatOf(flags);
    const { version } = this.config;
    const facts = {
      client: { version, platform: `${process.platform}-${process.arch}`, node: process.version },
    };
    this.terminal(flags).out(
      format === 'json' || format === 'yaml' ? documentText(facts, format) : `${versionText(version)}\n`,
    );
  }
}
