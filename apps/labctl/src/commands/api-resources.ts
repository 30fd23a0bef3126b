import * as Flags from '@oclif/core/flags';
import { LabCommand, NONE, Table, documentText, jsonFlag, oneLine, outputFormat } from '@lab/cli-kit';

export default class ApiResourcesCommand extends LabCommand {
  static override summary = 'List the types of resources, with their short names and verbs';
  static override examples = ['<%= config.bin %> api-resources', '<%= config.bin %> api-resources -o name'];
  static override flags = {
    output: Flags.string({
      char: 'o',
      description: 'format of the output',
      helpValue: 'table|name|json|yaml',
    }),
    json: jsonFlag,
    'no-headers': Flags.boolean({ description: 'no line of headings' }),
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(ApiResourcesCommand);
    const format = flags.json ? 'json' : outputFormat(flags.output);
    const { catalog } = await this.lab(flags);
    const kinds = await catalog.kinds();
    const terminal = this.terminal(flags);
    if (format === 'json' || format === 'yaml') {
      terminal.out(documentText({ items: kinds }, format));
      return;
    }
    if (format === 'name') {
      terminal.out(`${kinds.map(({ plural }) => oneLine(plural)).join('\n')}\n`);
      return;
    }
    const rows = kinds.map(({ plural, aliases, kind, verbs }) =>
      [plural, aliases.length === 0 ? NONE : aliases.join(','), kind, verbs.join(',')].map(oneLine),
    );
    const table = new Table(['NAME', 'SHORTNAMES', 'KIND', 'VERBS'], { headings: !flags['no-headers'] });
    terminal.out(`${table.lines(rows).join('\n')}\n`);
  }
}
