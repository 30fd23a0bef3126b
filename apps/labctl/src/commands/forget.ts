import * as Flags from '@oclif/core/flags';
import { LabError } from '@lab/domain';
import {
  BUNDLED_KINDS,
  LabCommand,
  OrderClient,
  changeText,
  confirm,
  formatOf,
  jsonFlag,
  oneLine,
  outputFlag,
  parseServerRefs,
  requireWayToConfirm,
} from '@lab/cli-kit';
import { confirmedName, eachServer } from '../each-server.js';
import { dryRunFlag, isDryRun } from '../file-flags.js';
import { dryRunText } from '../order-report.js';

export default class ForgetCommand extends LabCommand {
  static override summary = 'Forget a server: its record, its installs and their logs';
  static override description =
    'The machine itself is not touched; when it boots over the network again, it is discovered anew.';
  static override usage = 'forget SERVER… [--confirm NAME] [--dry-run]';
  static override examples = [
    '<%= config.bin %> forget node1',
    '<%= config.bin %> forget node1 --confirm node1',
    '<%= config.bin %> forget node1 node2 --dry-run',
  ];
  static override strict = false;
  static override flags = {
    confirm: Flags.string({
      description: 'the name of the server, instead of typing it; once for each',
      helpValue: 'NAME',
      multiple: true,
      multipleNonGreedy: true,
    }),
    'ignore-not-found': Flags.boolean({ description: 'a server that is not known is no error' }),
    'dry-run': dryRunFlag,
    output: outputFlag,
    json: jsonFlag,
  };

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(ForgetCommand);
    const format = formatOf(flags);
    const dryRun = isDryRun(flags['dry-run']);
    const terminal = this.terminal(flags);
    const refs = parseServerRefs(argv.map(String), BUNDLED_KINDS, 'forget');
    if (!dryRun) requireWayToConfirm(terminal, flags.confirm?.[0]);
    const { client } = await this.lab(flags);
    const orders = new OrderClient(client);
    await eachServer(refs, terminal, async (ref) => {
      try {
        const { metadata } = await client.getServer(ref);
        if (!dryRun) {
          await confirm(terminal, {
            warning: `labd will forget ${metadata.name}, with its installs and their logs.`,
            name: metadata.name,
            given: confirmedName(flags.confirm, metadata.name),
          });
        }
        const forgotten = await orders.forget(metadata.id, { dryRun });
        terminal.out(
          dryRun
            ? dryRunText(forgotten, 'forgotten', format)
            : changeText(forgotten, 'server', 'forgotten', format),
        );
      } catch (error) {
        const gone = error instanceof LabError && error.code === 'not-found';
        if (!gone || !flags['ignore-not-found']) throw error;
        terminal.note(`There is no server ${oneLine(ref)}.\n`);
      }
    });
  }
}
