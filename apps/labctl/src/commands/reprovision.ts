import * as Flags from '@oclif/core/flags';
import {
  BUNDLED_KINDS,
  LabCommand,
  OrderClient,
  confirm,
  formatOf,
  oneLine,
  parseServerRefs,
  requireWayToConfirm,
} from '@lab/cli-kit';
import { confirmedName, eachServer } from '../each-server.js';
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

export default class ReprovisionCommand extends LabCommand {
  static override summary = 'Install a server anew: this erases its disk';
  static override description = `What is not given is as in the last install. The name of the server has to be confirmed.
--dry-run says which disk would be erased, what is on it and why, and orders nothing.`;
  static override usage =
    'reprovision SERVER… [--os PROFILE] [--role ROLE] [--confirm NAME] [--dry-run] [--wait]';
  static override examples = [
    '<%= config.bin %> reprovision node1',
    '<%= config.bin %> reprovision node1 --os fedora-44 --confirm node1 --wait',
    '<%= config.bin %> reprovision node1 node2 --dry-run',
  ];
  static override strict = false;
  static override flags = {
    os: Flags.string(osFlagText),
    role: Flags.string(roleFlagText),
    confirm: Flags.string({
      description: 'the name of the server, instead of typing it; once for each',
      helpValue: 'NAME',
      multiple: true,
      multipleNonGreedy: true,
    }),
    ...installFlags,
  };

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(ReprovisionCommand);
    const format = formatOf(flags);
    const timeoutMs = waitTimeout(flags);
    const dryRun = isDryRun(flags['dry-run']);
    const terminal = this.terminal(flags);
    const refs = parseServerRefs(argv.map(String), BUNDLED_KINDS, 'reprovision');
    refuseForSeveral(refs, flags);
    if (!dryRun) requireWayToConfirm(terminal, flags.confirm?.[0]);
    const body = await provisionBody(flags);
    const { client } = await this.lab(flags);
    const orders = new OrderClient(client);
    await eachServer(refs, terminal, async (ref) => {
      const { metadata, status } = await client.getServer(ref);
      if (!dryRun) {
        const system = status.os === null ? '' : `, which has ${status.os}`;
        await confirm(terminal, {
          warning: `This erases the disk of ${metadata.name}${system}.`,
          name: metadata.name,
          given: confirmedName(flags.confirm, metadata.name),
        });
      }
      // By ID: what was confirmed is what is erased, whatever is renamed meanwhile.
      const server = await orders.reprovision(metadata.id, body, { dryRun });
      const wait = flags.wait && !dryRun;
      if (wait) this.onInterrupt(terminal, interruptedText(oneLine(server.metadata.name)));
      const isOneOfSeveral = refs.length > 1;
      await finishCommand(client, terminal, { server, format, wait, timeoutMs, dryRun, isOneOfSeveral });
    });
  }
}
