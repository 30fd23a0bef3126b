import {
  BUNDLED_KINDS,
  LabCommand,
  changeText,
  formatOf,
  jsonFlag,
  outputFlag,
  parseServerRef,
} from '@lab/cli-kit';

export default class CancelCommand extends LabCommand {
  static override summary = "Cancel a server's install";
  static override description =
    'Before its disk was touched the server returns to where it was; after that it is failed and can be reprovisioned.';
  static override usage = 'cancel SERVER';
  static override examples = ['<%= config.bin %> cancel node1'];
  static override strict = false;
  static override flags = { output: outputFlag, json: jsonFlag };

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(CancelCommand);
    const format = formatOf(flags);
    const ref = parseServerRef(argv.map(String), BUNDLED_KINDS, 'cancel');
    const { client } = await this.lab(flags);
    const server = await client.cancel(ref);
    this.terminal(flags).out(changeText(server, 'server', 'install cancelled', format));
  }
}
