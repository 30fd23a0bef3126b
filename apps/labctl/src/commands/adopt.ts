import * as Flags from '@oclif/core/flags';
import {
  BUNDLED_KINDS,
  LabCommand,
  changeText,
  confirm,
  formatOf,
  jsonFlag,
  outputFlag,
  parseServerRef,
  requireWayToConfirm,
  usageError,
} from '@lab/cli-kit';
import { dryRunFlag, isDryRun, tried } from '../file-flags.js';

export default class AdoptCommand extends LabCommand {
  static override summary = 'Join two records of one machine, after its board or a NIC was replaced';
  static override description =
    'OLD keeps its name, labels, role, cluster and installs, and takes hardware, NICs, disks and bastion of NEW, whose record goes. labd never does that by itself: what two records have in common may be what a vendor gave a whole make. `describe` of either says when it looks like it.';
  static override usage = 'adopt OLD NEW [--confirm NAME] [--force] [--dry-run]';
  static override examples = [
    '<%= config.bin %> adopt node1 srv-123456',
    '<%= config.bin %> adopt node1 srv-123456 --dry-run',
    '<%= config.bin %> adopt node1 srv-123456 --confirm srv-123456',
  ];
  static override strict = false;
  static override flags = {
    confirm: Flags.string({ description: 'the name of NEW, instead of typing it', helpValue: 'NAME' }),
    force: Flags.boolean({ description: 'though both have been heard of, and so look like two machines' }),
    'dry-run': dryRunFlag,
    output: outputFlag,
    json: jsonFlag,
  };

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(AdoptCommand);
    const format = formatOf(flags);
    const dryRun = isDryRun(flags['dry-run']);
    const terminal = this.terminal(flags);
    const [old, now, ...rest] = argv.map(String);
    if (old === undefined || now === undefined || rest.length > 0) {
      throw usageError('adopt takes two servers', 'Write labctl adopt OLD NEW: names, IDs or MACs.');
    }
    const [ref, from] = [old, now].map((one) => parseServerRef([one], BUNDLED_KINDS, 'adopt'));
    if (!dryRun) requireWayToConfirm(terminal, flags.confirm);
    const { client } = await this.lab(flags);
    const [server, other] = [await client.getServer(ref ?? old), await client.getServer(from ?? now)];
    // Whatever is wrong with it is said before a name has to be typed.
    const body = { from: other.metadata.id, ...(flags.force && { force: true }) };
    const planned = await client.adopt(server.metadata.id, body, true);
    if (!dryRun) {
      await confirm(terminal, {
        warning: `${server.metadata.name} will take the machine of ${other.metadata.name}, whose record will be deleted.`,
        name: other.metadata.name,
        given: flags.confirm,
      });
    }
    const adopted = dryRun ? planned : await client.adopt(server.metadata.id, body, false);
    terminal.out(changeText(adopted, 'server', tried(`adopted ${other.metadata.name}`, dryRun), format));
  }
}
