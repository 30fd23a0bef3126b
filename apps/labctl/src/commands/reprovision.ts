import * as Flags from '@oclif/core/flags';
import {
  BUNDLED_KINDS,
  LabCommand,
  confirm,
  formatOf,
  oneLine,
  parseServerRef,
  requireWayToConfirm,
} from '@lab/cli-kit';
import {
  finishCommand,
  installFlags,
  interruptedText,
  osFlagText,
  provisionBody,
  roleFlagText,
  waitTimeout,
} from '../install-flags.js';

export default class ReprovisionCommand extends LabCommand {
  static override summary = 'Install a server anew: this erases its disk';
  static override description =
    'What is not given is as in the last install. The name of the server has to be confirmed.';
  static override usage = 'reprovision SERVER [--os PROFILE] [--role ROLE] [--confirm NAME] [--wait]';
  static override examples = [
    '<%= config.bin %> reprovision node1',
    '<%= config.bin %> reprovision node1 --os fedora-44 --confirm node1 --wait',
  ];
  static override strict = false;
  static override flags = {
    os: Flags.string(osFlagText),
    role: Flags.string(roleFlagText),
    confirm: Flags.string({ description: 'the name of the server, instead of typing it', helpValue: 'NAME' }),
    ...installFlags,
  };

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(ReprovisionCommand);
    const format = formatOf(flags);
    const timeoutMs = waitTimeout(flags);
    const terminal = this.terminal(flags);
    const ref = parseServerRef(argv.map(String), BUNDLED_KINDS, 'reprovision');
    requireWayToConfirm(terminal, flags.confirm);
    const body = await provisionBody(flags);
    const { client } = await this.lab(flags);
    const { metadata, status } = await client.getServer(ref);
    const system = status.os === null ? '' : `, which has ${status.os}`;
    await confirm(terminal, {
      warning: `This erases the disk of ${metadata.name}${system}.`,
      name: metadata.name,
      given: flags.confirm,
    });
    // By ID: what was confirmed is what is erased, whatever is renamed meanwhile.
    const server = await client.reprovision(metadata.id, body);
    if (flags.wait) this.onInterrupt(terminal, interruptedText(oneLine(server.metadata.name)));
    await finishCommand(client, terminal, { server, format, wait: flags.wait, timeoutMs });
  }
}
