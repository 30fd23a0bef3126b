import { LabCommand, formatOf, jsonFlag, outputFlag, plainList } from '@lab/cli-kit';
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
    const text = plainList(installedApps(clusters), {
      format,
      name: (app) => `app/${app.name}`,
      columns: [
        ['NAME', (app) => app.name],
        ['CLUSTERS', (app) => app.clusters],
        ['SERVERS', (app) => app.servers],
        ['DESCRIPTION', (app) => app.description],
      ],
    });
    this.terminal(flags).out(text);
  }
}
