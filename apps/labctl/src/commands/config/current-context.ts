import { LabError } from '@lab/domain';
import { LabCommand, oneLine } from '@lab/cli-kit';

export default class CurrentContextCommand extends LabCommand {
  static override summary = 'Print the name of the current context';
  static override examples = ['<%= config.bin %> config current-context'];

  override async run(): Promise<void> {
    const { flags } = await this.parse(CurrentContextCommand);
    const name = flags.context ?? this.environment.context ?? (await this.contexts().read()).current;
    if (name === undefined) {
      throw new LabError('not-found', 'there is no current context', {
        hint: 'Log in with labctl login URL, or choose one with labctl config use-context NAME.',
      });
    }
    this.terminal(flags).out(`${oneLine(name)}\n`);
  }
}
