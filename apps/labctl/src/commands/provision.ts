import * as Flags from '@oclif/core/flags';
import { BUNDLED_KINDS, LabCommand, OrderClient, formatOf, oneLine, parseServerRefs } from '@lab/cli-kit';
import { eachServer } from '../each-server.js';
import { isDryRun } from '../file-flags.js';
import {
  finishCommand,
  installFlags,
  interruptedText,
  osFlagText,
  provisionBody,
  refuseForSeveral,
  roleFlagText,
  waitTimeout,
} from '../install-flags.js';

export default class ProvisionCommand extends LabCommand {
  static override summary = 'Install an operating system on a server';
  static override description = `The install begins when the machine boots over the network; one in discovery reboots by itself.
A disk that holds data stops the install without --erase. What labd knows of that and the like is a warning at once;
--dry-run says on which disk the install would go and what would be erased, and orders nothing.`;
  static override usage = 'provision SERVER… --os PROFILE --role ROLE [--dry-run] [--wait]';
  static override examples = [
    '<%= config.bin %> provision node1 --os fedora-43 --role worker',
    '<%= config.bin %> provision node1 --os fedora-43 --role worker --disk-serial S4EWNX0 --erase --wait',
    '<%= config.bin %> provision node1 node2 --os fedora-43 --role worker --erase --dry-run',
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
    const dryRun = isDryRun(flags['dry-run']);
    const terminal = this.terminal(flags);
    const refs = parseServerRefs(argv.map(String), BUNDLED_KINDS, 'provision');
    refuseForSeveral(refs, flags);
    const choices = await provisionBody(flags);
    const body = { ...choices, ...(flags.erase && { allowErase: true }) };
    const { client } = await this.lab(flags);
    const orders = new OrderClient(client);
    await eachServer(refs, terminal, async (ref) => {
      const server = await orders.provision(ref, body, { dryRun });
      const wait = flags.wait && !dryRun;
      if (wait) this.onInterrupt(terminal, interruptedText(oneLine(server.metadata.name)));
      const isOneOfSeveral = refs.length > 1;
      await finishCommand(client, terminal, { server, format, wait, timeoutMs, dryRun, isOneOfSeveral });
    });
  }
}
