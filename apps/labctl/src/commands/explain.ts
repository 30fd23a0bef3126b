import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { kindNamed } from '@lab/domain';
import { LabCommand, oneLine, paragraph, similarTo, usageError, valueText } from '@lab/cli-kit';
import { fieldsOf, schemaAt, schemaOf, typeText } from '../schema.js';
import type { OpenApi, Schema } from '../schema.js';

export default class ExplainCommand extends LabCommand {
  static override summary = "Say what a resource's fields mean";
  static override description = "From labd's own description of its API.";
  static override usage = 'explain TYPE[.FIELD…]';
  static override examples = [
    '<%= config.bin %> explain server',
    '<%= config.bin %> explain server.spec.nics',
    '<%= config.bin %> explain cluster.spec --recursive',
  ];
  static override flags = {
    recursive: Flags.boolean({ description: 'also the fields of the fields' }),
  };
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
    const fields = fieldLines(api, found, flags.recursive ? DEEPEST : 1);
    const lines = [
      `KIND:     ${oneLine(kind.kind)}`,
      ...(path.length === 0 ? [] : [`FIELD:    ${oneLine(path.join('.'))} <${typeText(api, found)}>`]),
      ...(found.description === undefined ? [] : ['', paragraph(found.description)]),
      ...(found.enum === undefined ? [] : ['', oneOf(found.enum)]),
      ...(found.example === undefined || found.enum !== undefined ? [] : ['', example(found.example)]),
      ...(fields.length === 0 ? [] : ['', 'FIELDS:', ...fields]),
    ];
    const output = this.paged(this.terminal(flags));
    await output.write(`${lines.join('\n')}\n`);
    await output.end();
  }
}

/** No description of a resource is deeper. */
const DEEPEST = 8;

const oneOf = (values: readonly unknown[]): string => `One of: ${values.map(String).map(oneLine).join(', ')}`;
const example = (value: unknown): string => `Such as: ${oneLine(valueText(value))}`;

function fieldLines(api: OpenApi, schema: Schema, depth: number): string[] {
  if (depth === 0) return [];
  return fieldsOf(api, schema).flatMap(({ name, schema: field, required }) => [
    `  ${oneLine(name)} <${typeText(api, field)}>${required ? ' -required-' : ''}`,
    ...(field.description === undefined ? [] : [`    ${paragraph(field.description)}`]),
    ...(field.enum === undefined ? [] : [`    ${oneOf(field.enum)}`]),
    ...(field.example === undefined || field.enum !== undefined ? [] : [`    ${example(field.example)}`]),
    ...fieldLines(api, field, depth - 1).map((line) => `  ${line}`),
  ]);
}
