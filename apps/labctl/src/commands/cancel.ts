import {
  BUNDLED_KINDS,
  LabCommand,
  OrderClient,
  changeText,
  formatOf,
  jsonFlag,
  outputFlag,
  parseServerRefs,
} from '@lab/cli-kit';
import { eachServer } from '../each-server.js';
import { dryRunFlag, isDryRun } from '../file-flags.js';
import { dryRunText } from '../order-report.js';

export default class CancelCommand extends LabCommand {
  static override summary = "Cancel a server's install";
  static override description = `Before its disk was touched the server returns to where it was; after that it is failed and can be reprovisioned.
The disk counts as touched once partitioning was reported, and when the machine has its kickstart and is not heard of.
--dry-run says which of the two it would be, and cancels nothing.`;
  static override usage = 'cancel SERVER… [--dry-run]';
  static override examples = ['<%= config.bin %> cancel node1', '<%= config.bin %> cancel node1 --dry-run'];
  static override strict = false;
  static override flags = { 'dry-run': dryRunFlag, output: outputFlag, json: jsonFlag };

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(CancelCommand);
    const format = formatOf(flags);
    const dryRun = isDryRun(flags['dry-run']);
    const terminal = this.terminal(flags);
    const refs = parseServerRefs(argv.map(String), BUNDLED_KINDS, 'cancel');
    const orders = new OrderClient((await this.lab(flags)).client);
    await eachServer(refs, terminal, async (ref) => {
      const server = await orders.cancel(ref, { dryRun });
      const change = 'install cancelled';
      terminal.out(
        dryRun ? dryRunText(server, change, format) : changeText(server, 'server', change, format),
      );
    });
  }
}
