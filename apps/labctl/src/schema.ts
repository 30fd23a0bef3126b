/** A schema of OpenAPI 3, as far as labctl looks at it. */
export interface Schema {
  $ref?: string;
  allOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  anyOf?: readonly Schema[];
  type?: string | readonly string[];
  format?: string;
  enum?: readonly unknown[];
  description?: string;
  example?: unknown;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  items?: Schema;
}

export interface OpenApi {
  components?: { schemas?: Readonly<Record<string, Schema>> };
}

/** The schema of a kind; undefined if it isn't described. */
export function schemaOf(api: OpenApi, kind: string): Schema | undefined {
  const schemas = api.components?.schemas ?? {};
  const found = Object.entries(schemas).find(
    ([, schema]) =>
      schema.properties?.['kind']?.enum?.includes(kind) === true &&
      schema.properties['metadata'] !== undefined,
  );
  return found?.[1] ?? schemas[`${kind}Dto`];
}

/** Follows references, and the one part of an `allOf`; the description beside a reference goes before that behind it. */
function resolved(api: OpenApi, schema: Schema, depth = 0): Schema {
  const parts = schema.allOf ?? schema.oneOf ?? schema.anyOf ?? [];
  const part = schema.$ref === undefined ? parts.find(({ type }) => type !== 'null') : schema;
  const name = part?.$ref?.replace('#/components/schemas/', '');
  const target = name === undefined ? part : api.components?.schemas?.[name];
  if (target === undefined || depth > 8) return schema;
  const behind = resolved(api, target, depth + 1);
  return { ...behind, ...(schema.description !== undefined && { description: schema.description }) };
}

/** The schema at a path of field names, through lists; or the names of the fields where it ends. */
export function schemaAt(api: OpenApi, root: Schema, path: readonly string[]): Schema | string {
  let schema = resolved(api, root);
  for (const name of path) {
    const fields = fieldsOf(api, schema);
    const next = fields.find((field) => field.name === name);
    if (next === undefined)
      return fields.length === 0 ? 'none' : fields.map((field) => field.name).join(', ');
    schema = resolved(api, next.schema);
  }
  return schema;
}

/** The fields of an object, or of the objects in a list. */
export function fieldsOf(
  api: OpenApi,
  schema: Schema,
): { name: string; schema: Schema; required: boolean }[] {
  const own = resolved(api, schema);
  const object = own.items === undefined ? own : resolved(api, own.items);
  return Object.entries(object.properties ?? {}).map(([name, field]) => ({
    name,
    schema: resolved(api, field),
    required: object.required?.includes(name) === true,
  }));
}

/** `string`, `[]object`, `integer` … */
export function typeText(api: OpenApi, schema: Schema): string {
  const own = resolved(api, schema);
  if (own.items !== undefined) return `[]${typeText(api, own.items)}`;
  const types = [own.type ?? (own.properties === undefined ? 'any' : 'object')].flat();
  return types.filter((type) => type !== 'null').join('|');
}
