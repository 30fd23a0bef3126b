import { LabCommand, usageError } from '@lab/cli-kit';
import { serverDescription } from '../describe/server-description.js';

export default class DescribeCommand extends LabCommand {
  static override summary = 'Show all that is known about a server';
  static override description =
    'Its phase and conditions, hardware, NICs and disks, the stages of its current install with the cause of a failure, and what to do next.';
  static override usage = ['describe server NAME…', 'describe server/NAME'];
  static override examples = [
    '<%= config.bin %> describe server node1',
    '<%= config.bin %> describe srv 52:54:00:12:34:56',
  ];
  static override strict = false;

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(DescribeCommand);
    const lab = this.lab(flags);
    const selections = await this.selections(argv.map(String), 'describe', () => lab);
    const refs = selections.flatMap(({ kind, refs: named }) => {
      if (kind.singular !== 'server') {
        throw usageError(
          `this labctl can't describe ${kind.plural}`,
          `Use labctl get ${kind.plural} -o yaml.`,
        );
      }
      if (named.length === 0)
        throw usageError('describe which server?', 'Write labctl describe server NAME.');
      return named;
    });
    const { client } = await lab;
    const terminal = this.terminal(flags);
    for (const [index, ref] of refs.entries()) {
      const server = await client.getServer(ref);
      const summary = server.status.install;
      const install = summary === null ? undefined : await client.install(summary.id);
      terminal.out(`${index === 0 ? '' : '\n\n'}${serverDescription(server, install, Date.now())}`);
    }
  }
}
