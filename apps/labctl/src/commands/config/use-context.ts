import * as Args from '@oclif/core/args';
import { LabCommand, noContext, oneLine } from '@lab/cli-kit';

export default class UseContextCommand extends LabCommand {
  static override summary = 'Make a context the current one';
  static override examples = ['<%= config.bin %> config use-context lab'];
  static override args = { name: Args.string({ description: 'name of the context', required: true }) };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(UseContextCommand);
    await this.contexts().update((file) => {
      if (file.get(args.name) === undefined) throw noContext(args.name, file);
      file.current = args.name;
      return true;
    });
    this.terminal(flags).out(`Switched to context "${oneLine(args.name)}".\n`);
  }
}
