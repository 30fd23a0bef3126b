import { LabCommand, formatOf, jsonFlag, outputFlag, plainList } from '@lab/cli-kit';
import { racks } from '../../racks.js';

export default class RackListCommand extends LabCommand {
  static override summary = 'List the racks, and how many servers stand in each';
  static override description = 'A server stands in the rack that its label "rack" names.';
  static override examples = ['<%= config.bin %> rack list'];
  static override flags = { output: outputFlag, json: jsonFlag };

  override async run(): Promise<void> {
    const { flags } = await this.parse(RackListCommand);
    const format = formatOf(flags);
    const { client } = await this.lab(flags);
    const servers: unknown[] = [];
    for await (const page of client.pages('servers', { labelSelector: 'rack' })) servers.push(...page);
    const text = plainList(racks(servers), {
      format,
      name: (rack) => rack.name,
      columns: [
        ['NAME', (rack) => rack.name],
        ['SERVERS', (rack) => rack.count],
      ],
    });
    this.terminal(flags).out(text);
  }
}
