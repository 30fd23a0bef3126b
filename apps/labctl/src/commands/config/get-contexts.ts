import * as Flags from '@oclif/core/flags';
import { LabCommand, NONE, Table, oneLine, outputFormat, usageError } from '@lab/cli-kit';

export default class GetContextsCommand extends LabCommand {
  static override summary = 'List the contexts';
  static override examples = [
    '<%= config.bin %> config get-contexts',
    '<%= config.bin %> config get-contexts -o name',
  ];
  static override flags = {
    output: Flags.string({ char: 'o', description: 'format of the output', helpValue: 'name' }),
    'no-headers': Flags.boolean({ description: 'no line of headings' }),
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(GetContextsCommand);
    const format = outputFormat(flags.output);
    if (format !== 'table' && format !== 'name') {
      throw usageError(
        `-o ${format}: contexts are listed as a table or by name`,
        'See labctl config view -o json.',
      );
    }
    const terminal = this.terminal(flags);
    const file = await this.contexts().read();
    const names = file.names();
    if (names.length === 0) {
      terminal.note('No contexts found. Make one with labctl login URL.\n');
      return;
    }
    const shown = this.environment.context ?? file.current;
    const rows = names.map((name) => {
      const context = file.get(name);
      const session = context?.accessToken === undefined ? NONE : oneLine(context.username ?? NONE);
      return [name === shown ? '*' : '', oneLine(name), oneLine(context?.server ?? NONE), session];
    });
    const table = new Table(['CURRENT', 'NAME', 'SERVER', 'USER'], { headings: !flags['no-headers'] });
    terminal.out(
      format === 'name' ? `${names.map(oneLine).join('\n')}\n` : `${table.lines(rows).join('\n')}\n`,
    );
  }
}
