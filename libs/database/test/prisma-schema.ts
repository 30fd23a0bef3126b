import { readFileSync } from 'node:fs';

/** What schema.prisma says about the database, as lines that can be compared with what the database says. */
export interface SchemaShape {
  /** `servers.name: text not null` */
  columns: string[];
  /** `servers (phase, name)`, `servers (name) unique`, `servers (id) primary` */
  indexes: string[];
  /** `servers (bastion_id) -> bastions (id) on delete set null` */
  foreignKeys: string[];
  /** Model → its scalar fields, to check this reader against Prisma's own. */
  fields: Record<string, string[]>;
}

const SCALARS: Readonly<Record<string, string>> = { String: 'text', Boolean: 'boolean', Json: 'jsonb' };
const NATIVE: Readonly<Record<string, string>> = {
  Uuid: 'uuid',
  Int4: 'integer',
  Int8: 'bigint',
  'Timestamptz(3)': 'timestamp(3) with time zone',
};
const ON_DELETE: Readonly<Record<string, string>> = {
  Cascade: 'cascade',
  SetNull: 'set null',
  Restrict: 'restrict',
};

interface Model {
  name: string;
  table: string;
  lines: string[];
}

function readModels(source: string): Model[] {
  return [...source.matchAll(/^model (\w+) \{\n(.*?)^\}/gms)].map(([, name = '', body = '']) => ({
    name,
    table: capture(body, /@@map\("(\w+)"\)/) ?? name,
    lines: body
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('//')),
  }));
}

const capture = (text: string, pattern: RegExp): string | undefined => pattern.exec(text)?.[1];

const names = (list: string | undefined): string[] => (list ?? '').split(',').map((name) => name.trim());

function defaultOf(attributes: string): string {
  const value = capture(attributes, /@default\((dbgenerated\("[^"]*"\)|now\(\)|[^)]*)\)/);
  if (value === undefined) return '';
  if (value === '[]') return " default '{}'";
  const expression = capture(value, /^dbgenerated\("(.*)"\)$/) ?? value;
  const text = capture(expression, /^"(.*)"$/);
  return ` default ${text === undefined ? expression : `'${text}'`}`;
}

export function readSchema(file: string): SchemaShape {
  const models = readModels(readFileSync(file, 'utf8'));
  const tables = new Map(models.map((model) => [model.name, model.table]));
  const shape: SchemaShape = { columns: [], indexes: [], foreignKeys: [], fields: {} };
  for (const model of models) readModel(model, tables, shape);
  return shape;
}

function readModel(model: Model, tables: ReadonlyMap<string, string>, shape: SchemaShape): void {
  const columnOf = new Map<string, string>();
  const index = (fields: readonly string[], kind: string): void => {
    const columns = fields.map((field) => columnOf.get(field) ?? field);
    shape.indexes.push(`${model.table} (${columns.join(', ')})${kind}`);
  };
  const fieldLines = model.lines.filter((line) => !line.startsWith('@@'));
  const parsed = fieldLines.map((line) => {
    const [, name = '', type = '', mark = '', attributes = ''] =
      /^(\w+)\s+(\w+)(\?|\[\])?\s*(.*)$/.exec(line) ?? [];
    if (type === '') throw new Error(`${model.name}: not understood: ${line}`);
    return { name, type, mark, attributes };
  });
  const scalars = parsed.filter((field) => !tables.has(field.type));
  for (const { name, attributes } of scalars)
    columnOf.set(name, capture(attributes, /@map\("(\w+)"\)/) ?? name);
  shape.fields[model.name] = scalars.map((field) => field.name);

  for (const { name, type, mark, attributes } of scalars) {
    const native = capture(attributes, /@db\.(\w+(?:\(\d+\))?)/);
    const sqlType = native === undefined ? SCALARS[type] : NATIVE[native];
    if (sqlType === undefined) throw new Error(`${model.name}.${name}: no SQL type known for it`);
    const nullable = mark === '?' ? '' : ' not null';
    const column = columnOf.get(name) ?? name;
    shape.columns.push(
      `${model.table}.${column}: ${sqlType}${mark === '[]' ? '[]' : ''}${nullable}${defaultOf(attributes)}`,
    );
    if (/@id\b/.test(attributes)) index([name], ' primary');
    if (/@unique\b/.test(attributes)) index([name], ' unique');
  }
  for (const { type, attributes } of parsed.filter((field) => tables.has(field.type))) {
    const fields = capture(attributes, /fields: \[([^\]]*)\]/);
    if (fields === undefined) continue;
    const columns = names(fields).map((field) => columnOf.get(field) ?? field);
    const action = ON_DELETE[capture(attributes, /onDelete: (\w+)/) ?? ''] ?? 'no action';
    const target = `${tables.get(type) ?? type} (${names(capture(attributes, /references: \[([^\]]*)\]/)).join(', ')})`;
    shape.foreignKeys.push(`${model.table} (${columns.join(', ')}) -> ${target} on delete ${action}`);
  }
  for (const line of model.lines.filter((line) => line.startsWith('@@'))) {
    const [, kind = '', fields] = /^@@(id|unique|index)\(\[([^\]]*)\]/.exec(line) ?? [];
    if (kind !== '') index(names(fields), { id: ' primary', unique: ' unique' }[kind] ?? '');
  }
}
