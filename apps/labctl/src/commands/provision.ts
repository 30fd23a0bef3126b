import * as Flags from '@oclif/core/flags';
import { BUNDLED_KINDS, LabCommand, formatOf, oneLine, parseServerRef } from '@lab/cli-kit';
import {
  finishCommand,
  installFlags,
  interruptedText,
  osFlagText,
  provisionBody,
  roleFlagText,
  waitTimeout,
} from '../install-flags.js';

export default class ProvisionCommand extends LabCommand {
  static override summary = 'Install an operating system on a server';
  static override description = `The install begins when the machine boots over the network; one in discovery reboots by itself.
A disk that holds data is refused without --erase.`;
  static override usage = 'provision SERVER --os PROFILE --role ROLE [--wait]';
  static override examples = [
    '<%= config.bin %> provision node1 --os fedora-43 --role worker',
    '<%= config.bin %> provision node1 --os fedora-43 --role worker --disk-serial S4EWNX0 --erase --wait',
    '<%= config.bin %> provision node1 --os fedora-43 --role worker --ssh-key ~/.ssh/id_ed25519.pub',
  ];
  static override strict = false;
  static override flags = {
    os: Flags.string({ ...osFlagText, required: true }),
    role: Flags.string({ ...roleFlagText, required: true }),
    erase: Flags.boolean({ description: 'data that is found on the disk may be erased' }),
    ...installFlags,
  };

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(ProvisionCommand);
    const format = formatOf(flags);
    const timeoutMs = waitTimeout(flags);
    const terminal = this.terminal(flags);
    const ref = parseServerRef(argv.map(String), BUNDLED_KINDS, 'provision');
    const body = await provisionBody(flags);
    const { client } = await this.lab(flags);
    const server = await client.provision(ref, {
      ...body,
      ...(flags.erase && { allowErase: true }),
    });
    if (flags.wait) this.onInterrupt(terminal, interruptedText(oneLine(server.metadata.name)));
    await finishCommand(client, terminal, { server, format, wait: flags.wait, timeoutMs });
  }
}
