import { LabCommand, SETTINGS, Table, oneLine } from '@lab/cli-kit';

export default class ConfigListCommand extends LabCommand {
  static override summary = 'List the settings, with their values in the file';
  static override examples = ['<%= config.bin %> config list'];

  override async run(): Promise<void> {
    const { flags } = await this.parse(ConfigListCommand);
    const set = (await this.contexts().read()).settings();
    const rows = Object.entries(SETTINGS).map(([name, { byDefault, description }]) => [
      name,
      oneLine(set.get(name) ?? `${byDefault} (default)`),
      description,
    ]);
    this.terminal(flags).out(`${new Table(['NAME', 'VALUE', 'DESCRIPTION']).lines(rows).join('\n')}\n`);
  }
}
