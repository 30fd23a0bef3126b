import {
  LabCommand,
  Table,
  documentText,
  formatOf,
  isData,
  jsonFlag,
  oneLine,
  outputFlag,
} from '@lab/cli-kit';
import { installedApps } from '../../installed-apps.js';

export default class AppListCommand extends LabCommand {
  static override summary = 'List the apps that clusters can run, and on how many they do';
  static override examples = ['<%= config.bin %> app list', '<%= config.bin %> app list -o json'];
  static override flags = { output: outputFlag, json: jsonFlag };

  override async run(): Promise<void> {
    const { flags } = await this.parse(AppListCommand);
    const format = formatOf(flags);
    const { client } = await this.lab(flags);
    const clusters: unknown[] = [];
    for await (const page of client.pages('clusters')) clusters.push(...page);
    const apps = installedApps(clusters);
    const terminal = this.terminal(flags);
    if (isData(format)) {
      terminal.out(documentText({ items: apps }, format === 'yaml' ? 'yaml' : 'json'));
      return;
    }
    if (format === 'name') {
      terminal.out(apps.map(({ name }) => `app/${oneLine(name)}\n`).join(''));
      return;
    }
    const rows = apps.map((app) => [
      oneLine(app.name),
      String(app.clusters),
      String(app.servers),
      oneLine(app.description),
    ]);
    terminal.out(`${new Table(['NAME', 'CLUSTERS', 'SERVERS', 'DESCRIPTION']).lines(rows).join('\n')}\n`);
  }
}
