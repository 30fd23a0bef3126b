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
    const found = racks(servers);
    const terminal = this.terminal(flags);
    if (isData(format)) {
      terminal.out(documentText({ items: found }, format === 'yaml' ? 'yaml' : 'json'));
      return;
    }
    const rows = found.map(({ name, count }) => [oneLine(name), String(count)]);
    if (rows.length === 0) terminal.note('No server has a label "rack".\n');
    else terminal.out(`${new Table(['NAME', 'SERVERS']).lines(rows).join('\n')}\n`);
  }
}
