import {
  LabError,
  isId,
  parseLabelSelector,
  printable,
  type LabelRequirement,
  type ResourceKind,
} from '@lab/domain';
import { Prisma } from '@lab/database';
import { z } from 'zod';
import type { Resource } from './resource.js';
import type { ResourceTable, SortKey } from './resource-store.js';

export const DEFAULT_PAGE = 500;
export const MAX_PAGE = 1000;
const LONGEST_VALUE = 253;
const MOST_FIELDS = 64;

/** What a list is asked for. */
export interface ListQuery {
  limit: number;
  /** Key of the catalog, without `-`. */
  sort: string;
  descending: boolean;
  labels: readonly LabelRequirement[];
  filters: Readonly<Record<string, string>>;
  /** Dotted paths; undefined: everything. */
  fields: readonly string[] | undefined;
  /** The last item of the page before. */
  after: PagePosition | undefined;
}

const cursor = z.tuple([z.string().max(64), z.union([z.string().max(300), z.number().int()]), z.uuid()]);
/** Sort order, the last item's sort value, its ID. */
type PagePosition = z.infer<typeof cursor>;

const OF_EVERY_LIST = ['labelSelector', 'sort', 'limit', 'continue', 'fields'];

/** Reads a list's query string; raises `invalid` that names the parameter. */
export function parseListQuery(kind: ResourceKind, query: Readonly<Record<string, unknown>>): ListQuery {
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(query)) {
    if (!OF_EVERY_LIST.includes(name) && !kind.filters.includes(name)) {
      throw invalid(
        name,
        'is not known here',
        `Known are ${[...kind.filters, ...OF_EVERY_LIST].join(', ')}.`,
      );
    }
    if (typeof value !== 'string') throw invalid(name, 'is given more than once', 'Give it once.');
    if (value !== '') values.set(name, value);
  }
  const sort = values.get('sort') ?? kind.sort[0] ?? 'name';
  return {
    limit: parseLimit(values.get('limit')),
    ...parseSort(kind, sort),
    labels: parseLabelSelector(values.get('labelSelector') ?? ''),
    filters: Object.fromEntries(
      kind.filters.flatMap((name) => {
        const value = values.get(name);
        if (value === undefined) return [];
        if (value.length > LONGEST_VALUE) throw invalid(name, `is longer than ${LONGEST_VALUE} characters`);
        return [[name, value]];
      }),
    ),
    fields: parseFields(values.get('fields')),
    after: parseCursor(values.get('continue'), sort),
  };
}

function parseLimit(text: string | undefined): number {
  if (text === undefined) return DEFAULT_PAGE;
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= MAX_PAGE) return limit;
  throw invalid('limit', `must be a whole number from 1 to ${MAX_PAGE}`);
}

function parseSort(kind: ResourceKind, sort: string): { sort: string; descending: boolean } {
  const key = sort.replace(/^-/, '');
  const keys = new Set(kind.sort.map((known) => known.replace(/^-/, '')));
  if (keys.has(key)) return { sort: key, descending: sort.startsWith('-') };
  throw invalid(
    'sort',
    `can't be ${printable(sort)}`,
    `Sort by ${[...keys].join(', ')}, with - before it to turn it round.`,
  );
}

function parseFields(text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined;
  const fields = text.split(',').map((field) => field.trim());
  if (fields.length > MOST_FIELDS) throw invalid('fields', `are more than ${MOST_FIELDS}`);
  const wrong = fields.find(
    (field) => !/^[A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z0-9_-]+)*$/.test(field) || field.length > 200,
  );
  if (wrong !== undefined)
    throw invalid('fields', `has "${printable(wrong)}", which is not a path such as status.phase`);
  return fields;
}

function parseCursor(text: string | undefined, sort: string): PagePosition | undefined {
  if (text === undefined) return undefined;
  try {
    const position = cursor.parse(JSON.parse(Buffer.from(text.slice(0, 1024), 'base64url').toString('utf8')));
    if (position[0] === sort) return position;
  } catch {
    // Told below, as for a cursor of another order.
  }
  throw invalid(
    'continue',
    'is not a cursor of this list in this order',
    'Pass metadata.continue of the page before as it is, or start again without it.',
  );
}

/** The cursor behind an item; opaque to callers, so that its content may change. */
export function cursorAfter(query: ListQuery, key: SortKey, last: Resource): string {
  const sort = `${query.descending ? '-' : ''}${query.sort}`;
  const position: PagePosition = [sort, key.of(last), last.metadata.id];
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** `WHERE … ORDER BY … LIMIT …` of a page, one item longer than asked: that tells whether there is a next one. */
export function pageTail(table: ResourceTable, query: ListQuery, readable: Prisma.Sql): Prisma.Sql {
  const key = sortKeyOf(table, query);
  const conditions = [readable, ...labelConditions(table.labels, query.labels)];
  for (const [name, value] of Object.entries(query.filters)) {
    const condition = table.filters[name];
    if (condition === undefined) throw new Error(`the filter ${name} is declared, and has no SQL`);
    conditions.push(condition(value));
  }
  if (query.after !== undefined) conditions.push(behind(key, query, query.after));
  const direction = query.descending ? Prisma.sql`DESC` : Prisma.sql`ASC`;
  return Prisma.sql`WHERE ${Prisma.join(conditions, ' AND ')}
    ORDER BY ${key.sql} ${direction}, r.id ${direction} LIMIT ${query.limit + 1}`;
}

export function sortKeyOf(table: ResourceTable, { sort }: ListQuery): SortKey {
  const key = table.sort[sort];
  if (key === undefined) throw new Error(`the sort key ${sort} is declared, and has no SQL`);
  return key;
}

function behind(key: SortKey, { descending }: ListQuery, [, value, id]: PagePosition): Prisma.Sql {
  if (key.type === 'TIMESTAMPTZ' && Number.isNaN(Date.parse(String(value)))) {
    throw invalid('continue', 'is not a cursor of this list');
  }
  const typed =
    key.type === 'INT8'
      ? Prisma.sql`${Number(value) || 0}::INT8`
      : key.type === 'TEXT'
        ? Prisma.sql`${String(value)}::TEXT`
        : Prisma.sql`${new Date(value)}::TIMESTAMPTZ`;
  const row = Prisma.sql`(${key.sql}, r.id)`;
  return descending
    ? Prisma.sql`${row} < (${typed}, ${id}::UUID)`
    : Prisma.sql`${row} > (${typed}, ${id}::UUID)`;
}

function labelConditions(labels: Prisma.Sql, requirements: readonly LabelRequirement[]): Prisma.Sql[] {
  return requirements.map((requirement) => {
    const { key } = requirement;
    switch (requirement.operator) {
      case 'exists':
        return Prisma.sql`(${labels} -> ${key}::TEXT) IS NOT NULL`;
      case 'absent':
        return Prisma.sql`(${labels} -> ${key}::TEXT) IS NULL`;
      case 'in': {
        const [only] = requirement.values;
        // Containment is what an index on labels can answer.
        if (requirement.values.length === 1 && only !== undefined)
          return Prisma.sql`${labels} @> ${JSON.stringify({ [key]: only })}::JSONB`;
        return Prisma.sql`(${labels} ->> ${key}::TEXT) = ANY(${[...requirement.values]}::TEXT[])`;
      }
      case 'notin':
        return Prisma.sql`NOT COALESCE((${labels} ->> ${key}::TEXT) = ANY(${[...requirement.values]}::TEXT[]), FALSE)`;
    }
  });
}

/** Those paths of a resource, and what says which it is. */
export function project(resource: Resource, fields: readonly string[] | undefined): Resource {
  if (fields === undefined) return resource;
  const { apiVersion, kind, metadata } = resource;
  const { id, name, version } = metadata;
  const result: Record<string, unknown> = { apiVersion, kind, metadata: { id, name, version } };
  for (const field of fields) copyPath(resource, result, field.split('.'));
  return result as unknown as Resource;
}

function copyPath(from: object, to: Record<string, unknown>, path: readonly string[]): void {
  const [head, ...rest] = path;
  if (head === undefined || !Object.hasOwn(from, head)) return;
  const value: unknown = Reflect.get(from, head);
  if (rest.length === 0 || typeof value !== 'object' || value === null || Array.isArray(value)) {
    to[head] = value;
    return;
  }
  const inner = Object.hasOwn(to, head) ? to[head] : {};
  const target: Record<string, unknown> = { ...(inner as Record<string, unknown>) };
  copyPath(value, target, rest);
  to[head] = target;
}

/** Name or ID, for kinds whose references are nothing else. */
export const byNameOrId = (name: Prisma.Sql, reference: string): Prisma.Sql =>
  isId(reference) ? Prisma.sql`r.id = ${reference}::UUID` : Prisma.sql`${name} = ${reference.toLowerCase()}`;

const invalid = (path: string, message: string, hint?: string): LabError =>
  new LabError('invalid', `${printable(path)}: ${message}`, {
    hint: hint ?? 'Compare the request with the API description at /docs.',
    errors: [{ path: printable(path), message }],
  });
