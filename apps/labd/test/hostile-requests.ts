/** The parts of an OpenAPI document that requests are made from. */
export interface ApiDescription {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

interface Operation {
  operationId: string;
  parameters?: { name: string; in: string }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}

interface Schema {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  oneOf?: Schema[];
  allOf?: Schema[];
  enum?: unknown[];
  example?: unknown;
}

export interface HostileRequest {
  operationId: string;
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | undefined;
  /** The body is JSON, with no key twice, and said to be. */
  wellFormed: boolean;
}

/** A generator of numbers in [0, 1) that a seed repeats (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const deep = (depth: number): unknown => (depth === 0 ? 1 : { a: [deep(depth - 1)] });

const NASTY: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  Number.MAX_SAFE_INTEGER,
  2_147_483_648,
  '',
  ' ',
  'x'.repeat(5000),
  'a\u0000b',
  'line\nbreak\r',
  '\u001b[31m',
  '\ud800',
  '\u202e',
  '../../etc/passwd',
  "'; DROP TABLE servers; --",
  '%00',
  '52:54:00:12:34:56',
  '0b9f6c1e-3c52-4f0e-9d5e-0d9b4f8f0a11',
  'node1',
  'default',
  '10.0.0.0/8',
  '9'.repeat(400),
  [],
  [null],
  Array.from({ length: 2000 }, () => 1),
  {},
  { '': '' },
  { constructor: { prototype: { polluted: true } } },
  { toString: 1, hasOwnProperty: 2 },
  deep(30),
];

/** Requests that nobody should send, made from what the API says of itself. */
export class HostileRequests {
  readonly #operations: { method: string; path: string; operation: Operation }[];

  constructor(
    private readonly description: ApiDescription,
    private readonly random: () => number,
    except: readonly string[],
  ) {
    this.#operations = Object.entries(description.paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, operation]) =>
        except.includes(operation.operationId) ? [] : [{ method: method.toUpperCase(), path, operation }],
      ),
    );
  }

  next(): HostileRequest {
    const { method, path, operation } = this.#pick(this.#operations);
    const filled = path.replaceAll(/\{\w+\}/g, () => encodeURIComponent(this.#text()) || 'x');
    const query = this.#query(operation);
    const content = operation.requestBody?.content['application/json'];
    if (content === undefined) {
      return {
        operationId: operation.operationId,
        method,
        path: filled + query,
        headers: {},
        body: undefined,
        wellFormed: true,
      };
    }
    const { body, type, wellFormed } = this.#body(content.schema);
    return {
      operationId: operation.operationId,
      method,
      path: filled + query,
      headers: { 'content-type': type },
      body,
      wellFormed,
    };
  }

  #query(operation: Operation): string {
    const names = (operation.parameters ?? [])
      .filter((parameter) => parameter.in === 'query')
      .map(({ name }) => name);
    const pairs = names
      .filter(() => this.random() < 0.25)
      .map((name) => `${name}=${encodeURIComponent(this.#text())}`);
    if (this.random() < 0.05) pairs.push('__proto__=1', 'unknown=2');
    if (this.random() < 0.03 && names[0] !== undefined) pairs.push(`${names[0]}=%zz`, `${names[0]}[]=1`);
    return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
  }

  #body(schema: Schema): { body: string; type: string; wellFormed: boolean } {
    const value = this.#mutated(this.#example(schema, 0));
    const text = JSON.stringify(value) as string | undefined;
    const json = 'application/json';
    const roll = this.random();
    if (roll < 0.03) return { body: (text ?? '').slice(0, -1), type: json, wellFormed: false };
    if (roll < 0.06)
      return {
        body: text ?? '',
        type: this.#pick(['text/plain', 'application/xml', 'nonsense', 'application/json; charset=x']),
        wellFormed: false,
      };
    if (roll < 0.09)
      return {
        body: `{"metadata":{"name":"a"},"metadata":{"name":"b","name":"c"}}`,
        type: json,
        wellFormed: false,
      };
    if (roll < 0.12)
      return {
        body: `{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}`,
        type: json,
        wellFormed: false,
      };
    if (roll < 0.13) return { body: '', type: json, wellFormed: false };
    if (roll < 0.135) return { body: `"${'x'.repeat(2_000_000)}"`, type: json, wellFormed: false };
    return { body: text ?? 'null', type: json, wellFormed: true };
  }

  /** A value of the schema, or its example. */
  #example(schema: Schema, depth: number): unknown {
    const name = schema.$ref?.split('/').at(-1);
    const named = name === undefined ? undefined : this.description.components.schemas[name];
    if (named !== undefined) return this.#example(named, depth);
    if (schema.example !== undefined && this.random() < 0.8) return structuredClone(schema.example);
    const alternative = schema.oneOf ?? schema.allOf;
    if (alternative !== undefined) return this.#example(this.#pick(alternative), depth);
    if (schema.enum !== undefined) return this.#pick(schema.enum);
    if (schema.properties !== undefined && depth < 6) {
      return Object.fromEntries(
        Object.entries(schema.properties).map(([key, property]) => [key, this.#example(property, depth + 1)]),
      );
    }
    const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
    if (type === 'array') return schema.items === undefined ? [] : [this.#example(schema.items, depth + 1)];
    return this.#pick(NASTY);
  }

  /** With some of its parts exchanged for others. */
  #mutated(value: unknown): unknown {
    if (this.random() < 0.12) return this.#pick(NASTY);
    if (Array.isArray(value)) return value.map((item: unknown) => this.#mutated(item));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([key, member]) => [key, this.#mutated(member)] as const);
    if (this.random() < 0.1) entries.push([this.#text().slice(0, 300), this.#pick(NASTY)]);
    return Object.fromEntries(entries);
  }

  #text(): string {
    const value = this.#pick(NASTY);
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return text.slice(0, 1500).replaceAll('\ud800', '');
  }

  #pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.random() * items.length)];
    if (item === undefined && items.length === 0) throw new Error('nothing to pick from');
    return item as T;
  }
}
