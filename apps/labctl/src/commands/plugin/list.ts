import { LabCommand, formatOf, isData, jsonFlag, oneLine, outputFlag, plainList } from '@lab/cli-kit';
import { programsOnPath } from '../../path-plugins.js';

export default class PluginListCommand extends LabCommand {
  static override summary = 'List the programs on PATH that are commands of labctl';
  static override description =
    'labctl-rack on PATH is the command labctl rack, labctl-rack-power is labctl rack power.';
  static override examples = ['<%= config.bin %> plugin list'];
  static override flags = { output: outputFlag, json: jsonFlag };

  override async run(): Promise<void> {
    const { flags } = await this.parse(PluginListCommand);
    const format = formatOf(flags);
    const terminal = this.terminal(flags);
    const own = this.config.commandIDs.map((id) => id.replaceAll(':', ' '));
    const found = programsOnPath(this.environment.path).map(({ name, path }) => ({
      name,
      path,
      // labctl's own commands come first.
      shadowed: own.some((command) => command === name || command.startsWith(`${name} `)),
    }));
    for (const { path } of found.filter(({ shadowed }) => shadowed))
      terminal.note(`Warning: ${oneLine(path)} is never run: labctl has that command itself.\n`);
    if (found.length === 0) terminal.note('There is no program on PATH whose name begins with labctl-.\n');
    if (found.length === 0 && !isData(format)) return;
    const text = plainList(found, {
      format,
      name: (plugin) => plugin.name,
      columns: [
        ['NAME', (plugin) => plugin.name],
        ['PATH', (plugin) => plugin.path],
      ],
    });
    terminal.out(text);
  }
}
