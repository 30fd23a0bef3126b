import * as Flags from '@oclif/core/flags';
import { LabError } from '@lab/domain';
import {
  BUNDLED_KINDS,
  LabCommand,
  changeText,
  confirm,
  formatOf,
  jsonFlag,
  oneLine,
  outputFlag,
  parseServerRef,
  requireWayToConfirm,
} from '@lab/cli-kit';

export default class ForgetCommand extends LabCommand {
  static override summary = 'Forget a server: its record, its installs and their logs';
  static override description =
    'The machine itself is not touched; when it boots over the network again, it is discovered anew.';
  static override usage = 'forget SERVER [--confirm NAME]';
  static override examples = [
    '<%= config.bin %> forget node1',
    '<%= config.bin %> forget node1 --confirm node1',
  ];
  static override strict = false;
  static override flags = {
    confirm: Flags.string({ description: 'the name of the server, instead of typing it', helpValue: 'NAME' }),
    'ignore-not-found': Flags.boolean({ description: 'a server that is not known is no error' }),
    output: outputFlag,
    json: jsonFlag,
  };

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(ForgetCommand);
    const format = formatOf(flags);
    const terminal = this.terminal(flags);
    const ref = parseServerRef(argv.map(String), BUNDLED_KINDS, 'forget');
    requireWayToConfirm(terminal, flags.confirm);
    const { client } = await this.lab(flags);
    try {
      const { metadata } = await client.getServer(ref);
      await confirm(terminal, {
        warning: `labd will forget ${metadata.name}, with its installs and their logs.`,
        name: metadata.name,
        given: flags.confirm,
      });
      const forgotten = await client.forget(metadata.id);
      terminal.out(changeText(forgotten, 'server', 'forgotten', format));
    } catch (error) {
      const gone = error instanceof LabError && error.code === 'not-found';
      if (!gone || !flags['ignore-not-found']) throw error;
      terminal.note(`There is no server ${oneLine(ref)}.\n`);
    }
  }
}
