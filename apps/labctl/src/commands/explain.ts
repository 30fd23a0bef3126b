import * as Args from '@oclif/core/args';
import { kindNamed } from '@lab/domain';
import { LabCommand, oneLine, paragraph, similarTo, usageError } from '@lab/cli-kit';
import { fieldsOf, schemaAt, schemaOf, typeText } from '../schema.js';

export default class ExplainCommand extends LabCommand {
  static override summary = "Say what a resource's fields mean";
  static override description = "From labd's own description of its API.";
  static override usage = 'explain TYPE[.FIELD…]';
  static override examples = [
    '<%= config.bin %> explain server',
    '<%= config.bin %> explain server.spec.nics',
  ];
  static override args = { path: Args.string({ description: 'TYPE or TYPE.FIELD', required: true }) };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(ExplainCommand);
    const { client, catalog } = await this.lab(flags);
    const [type = '', ...path] = args.path.split('.');
    const kinds = await catalog.kinds();
    const kind = kindNamed(type, kinds);
    if (kind === undefined) {
      const similar = similarTo(
        type,
        kinds.flatMap(({ singular, plural, aliases }) => [singular, plural, ...aliases]),
      );
      throw usageError(
        `there is no resource type "${oneLine(type)}"`,
        `${similar.length > 0 ? `Did you mean ${similar.join(' or ')}? ` : ''}See labctl api-resources.`,
      );
    }
    const api = await client.openApi();
    const root = schemaOf(api, kind.kind);
    if (root === undefined)
      throw usageError(`labd describes no ${kind.kind}`, 'It may be older than this labctl.');
    const found = schemaAt(api, root, path);
    if (typeof found === 'string') {
      throw usageError(
        `${kind.singular} has no field ${oneLine(path.join('.'))}`,
        `Fields there: ${oneLine(found)}.`,
      );
    }
    const fields = fieldsOf(api, found);
    const lines = [
      `KIND:     ${oneLine(kind.kind)}`,
      ...(path.length === 0 ? [] : [`FIELD:    ${oneLine(path.join('.'))} <${typeText(api, found)}>`]),
      ...(found.description === undefined ? [] : ['', paragraph(found.description)]),
      ...(found.enum === undefined ? [] : ['', `One of: ${found.enum.map(String).map(oneLine).join(', ')}`]),
      ...(fields.length === 0 ? [] : ['', 'FIELDS:']),
      ...fields.flatMap(({ name, schema, required }) => [
        `  ${oneLine(name)} <${typeText(api, schema)}>${required ? ' -required-' : ''}`,
        ...(schema.description === undefined ? [] : [`    ${paragraph(schema.description)}`]),
      ]),
    ];
    const output = this.paged(this.terminal(flags));
    await output.write(`${lines.join('\n')}\n`);
    await output.end();
  }
}
