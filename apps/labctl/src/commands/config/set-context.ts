import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { LabCommand, oneLine, serverUrl, usageError } from '@lab/cli-kit';

export default class SetContextCommand extends LabCommand {
  static override summary = 'Make a context, or change the labd of one';
  static override description = 'A context whose labd changes loses its session: log in again.';
  static override examples = ['<%= config.bin %> config set-context lab --server http://127.0.0.1:7070'];
  static override args = { name: Args.string({ description: 'name of the context', required: true }) };
  static override flags = {
    server: Flags.string({ description: "labd's URL", helpValue: 'URL', required: true }),
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(SetContextCommand);
    const name = args.name;
    if (name === '' || name !== oneLine(name)) throw usageError('the name of a context is plain text');
    const server = serverUrl(flags.server).href.replace(/\/$/, '');
    let before: string | undefined;
    await this.contexts().update((file) => {
      const context = file.get(name);
      before = context?.server;
      file.set(name, context?.server === server ? context : { server });
      file.current ??= name;
      return true;
    });
    const what = before === undefined ? 'created' : before === server ? 'unchanged' : 'modified';
    this.terminal(flags).out(`Context "${name}" ${what}.\n`);
  }
}
