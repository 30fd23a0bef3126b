import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { LabCommand, oneLine, usageError } from '@lab/cli-kit';

export default class CanICommand extends LabCommand {
  static override summary = 'Ask whether you may do something';
  static override description = 'Exit code 0 for yes, 1 for no.';
  static override usage = 'auth can-i VERB TYPE[/NAME]';
  static override examples = [
    '<%= config.bin %> auth can-i provision server/node1',
    '<%= config.bin %> auth can-i create networks --environment staging',
  ];
  static override args = {
    verb: Args.string({ description: 'get, create, provision, delete …', required: true }),
    type: Args.string({ description: 'TYPE or TYPE/NAME', required: true }),
  };
  static override flags = {
    cloud: Flags.string({ description: 'in that cloud', helpValue: 'NAME' }),
    environment: Flags.string({ description: 'in that environment', helpValue: 'NAME' }),
    quiet: Flags.boolean({ char: 'q', description: 'only the exit code' }),
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(CanICommand);
    const [type = '', name, more] = args.type.split('/');
    if (type === '' || name === '' || more !== undefined)
      throw usageError(
        `"${oneLine(args.type)}" is not TYPE or TYPE/NAME`,
        'Write labctl auth can-i get server/node1.',
      );
    const { client } = await this.lab(flags);
    const question = {
      verb: args.verb,
      kind: type,
      name,
      cloud: flags.cloud,
      environment: flags.environment,
    };
    const { allowed, needed } = await client.canI(question);
    const terminal = this.terminal(flags);
    if (!flags.quiet) {
      terminal.out(allowed ? 'yes\n' : 'no\n');
      if (!allowed) terminal.note(`It takes the permission ${oneLine(needed)}.\n`);
    }
    if (!allowed) process.exitCode = 1;
  }
}
