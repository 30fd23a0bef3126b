import { usageError } from '../cli-error.js';

/** A step of a path: each value leads to some. */
type Step = (value: unknown) => unknown[];
type Path = readonly Step[];

type Part =
  | { type: 'text'; text: string }
  | { type: 'path'; path: Path }
  | { type: 'range'; path: Path; parts: Part[] };

/** A JSONPath template as kubectl has it: `{.items[*].metadata.name}`, `{range .items[*]}{.metadata.name}{"\n"}{end}`. */
export class JsonPathTemplate {
  readonly #parts: Part[];

  /** Raises a usage error that says what is wrong, and where. */
  constructor(template: string) {
    this.#parts = new TemplateReader(template).read();
  }

  /** Values that aren't there print nothing. */
  text(value: unknown): string {
    return render(this.#parts, value, value);
  }
}

/** The values at a path such as `.status.disks[*].serial`, with or without braces and the first dot. Raises a usage error. */
export function parsePath(text: string): (value: unknown) => unknown[] {
  const bare = /^\{(.*)\}$/s.exec(text.trim())?.[1] ?? text.trim();
  const path = new PathReader(/^[.[$@]/.test(bare) ? bare : `.${bare}`).read();
  return (value) => walk(path, value);
}

/** As kubectl prints a value: text as it is, everything else as JSON. */
export const valueText = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);

function render(parts: readonly Part[], value: unknown, root: unknown): string {
  return parts
    .map((part) => {
      if (part.type === 'text') return part.text;
      const found = walk(part.path, value);
      if (part.type === 'path') return found.map(valueText).join(' ');
      return found.map((item) => render(part.parts, item, root)).join('');
    })
    .join('');
}

const walk = (path: Path, value: unknown): unknown[] =>
  path.reduce<unknown[]>((values, step) => values.flatMap(step), [value]);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const child =
  (key: string): Step =>
  (value) =>
    isRecord(value) && Object.hasOwn(value, key) ? [value[key]] : [];
const children: Step = (value) =>
  Array.isArray(value) ? (value as unknown[]) : isRecord(value) ? Object.values(value) : [];
const descendants: Step = (value) => [value, ...children(value).flatMap(descendants)];
const slice =
  (from: number | undefined, to: number | undefined): Step =>
  (value) =>
    Array.isArray(value) ? (value as unknown[]).slice(from, to) : [];

/** Reads the text between and in the braces. */
class TemplateReader {
  #at = 0;

  constructor(private readonly template: string) {}

  read(): Part[] {
    const parts = this.#parts();
    if (this.#at < this.template.length) throw this.#wrong('{end} without {range}');
    return parts;
  }

  #parts(): Part[] {
    const parts: Part[] = [];
    while (this.#at < this.template.length) {
      const open = this.template.indexOf('{', this.#at);
      if (open !== this.#at) {
        const end = open < 0 ? this.template.length : open;
        parts.push({ type: 'text', text: this.template.slice(this.#at, end) });
        this.#at = end;
        continue;
      }
      const inner = this.#braces();
      if (inner === 'end') {
        this.#at -= '{end}'.length;
        return parts;
      }
      parts.push(...this.#part(inner));
    }
    return parts;
  }

  #part(inner: string): Part[] {
    const quoted = /^(["'])(.*)\1$/s.exec(inner);
    if (quoted !== null) return [{ type: 'text', text: unescaped(quoted[2] ?? '') }];
    const range = /^range\s+(.+)$/s.exec(inner);
    if (range === null) return [{ type: 'path', path: new PathReader(inner).read() }];
    const path = new PathReader(range[1] ?? '').read();
    const parts = this.#parts();
    if (!this.template.startsWith('{end}', this.#at)) throw this.#wrong('{range} without {end}');
    this.#at += '{end}'.length;
    return [{ type: 'range', path, parts }];
  }

  /** The text of `{…}`; a brace in quotes doesn't end it. */
  #braces(): string {
    let quote = '';
    for (let at = this.#at + 1; at < this.template.length; at += 1) {
      const character = this.template.charAt(at);
      if (character === '\\') at += 1;
      else if (quote !== '') quote = character === quote ? '' : quote;
      else if (character === '"' || character === "'") quote = character;
      else if (character === '}') {
        const inner = this.template.slice(this.#at + 1, at).trim();
        this.#at = at + 1;
        return inner;
      }
    }
    throw this.#wrong('a { that is not closed');
  }

  #wrong(what: string): Error {
    return usageError(
      `jsonpath: ${what}, at character ${this.#at + 1}`,
      "Write for example -o jsonpath='{.metadata.name}'.",
    );
  }
}

const unescaped = (text: string): string =>
  text.replace(/\\(.)/gs, (_, character: string) => ({ n: '\n', t: '\t', r: '\r' })[character] ?? character);

/** Reads `.a['b'][0][1:3][*]..c[?(@.d=="e")]`. */
class PathReader {
  #rest: string;

  constructor(private readonly text: string) {
    this.#rest = text.trim().replace(/^[$@]/, '');
  }

  read(): Path {
    const steps: Step[] = [];
    while (this.#rest !== '') steps.push(...this.#step());
    return steps;
  }

  #step(): Step[] {
    if (this.#rest === '.') return this.#take(/^\./, () => []);
    const read = [
      () => this.#match(/^\.\.(?=[\w*[-])/, () => [descendants]),
      () => this.#match(/^\.?\*/, () => [children]),
      () => this.#match(/^\.((?:[\w-]|\\.)+)/, ([, key = '']) => [child(key.replace(/\\(.)/g, '$1'))]),
      // After "..".
      () => this.#match(/^([\w-]+)/, ([, key = '']) => [child(key)]),
      () => this.#match(/^\[\*\]/, () => [children]),
      () => this.#match(/^\[(["'])(.*?)\1\]/, ([, , key = '']) => [child(key)]),
      () => this.#match(/^\[(-?\d+)\]/, ([, index = '0']) => [at(Number(index))]),
      () => this.#match(/^\[(-?\d*):(-?\d*)\]/, ([, from = '', to = '']) => [slice(bound(from), bound(to))]),
      () => this.#match(/^\[\?\(\s*(.+?)\s*\)\]/, ([, condition = '']) => [where(condition, this.text)]),
    ];
    for (const one of read) {
      const steps = one();
      if (steps !== undefined) return steps;
    }
    throw wrongPath(this.text, `"${this.#rest}" is no step of a path`);
  }

  #match(pattern: RegExp, make: (match: RegExpExecArray) => Step[]): Step[] | undefined {
    const match = pattern.exec(this.#rest);
    if (match === null) return undefined;
    this.#rest = this.#rest.slice(match[0].length);
    return make(match);
  }

  #take(pattern: RegExp, make: () => Step[]): Step[] {
    return this.#match(pattern, make) ?? [];
  }
}

const bound = (text: string): number | undefined => (text === '' ? undefined : Number(text));
const at =
  (index: number): Step =>
  (value) => {
    const found = Array.isArray(value) ? (value as unknown[]).at(index) : undefined;
    return found === undefined ? [] : [found];
  };

const COMPARISONS: Readonly<Record<string, (a: unknown, b: unknown) => boolean>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => order(a, b) < 0,
  '<=': (a, b) => order(a, b) <= 0,
  '>': (a, b) => order(a, b) > 0,
  '>=': (a, b) => order(a, b) >= 0,
};

/** Of two numbers or two texts; NaN, which no comparison is true for, of anything else. */
export function order(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  return Number.NaN;
}

function where(condition: string, path: string): Step {
  const match = /^@((?:\.|\[).*?)?\s*(?:(==|!=|<=|>=|<|>)\s*(.+))?$/s.exec(condition);
  if (match === null) throw wrongPath(path, `"${condition}" is no condition`);
  const [, left = '.', operator, right = ''] = match;
  const of = new PathReader(left).read();
  if (operator === undefined) return (value) => children(value).filter((item) => walk(of, item).length > 0);
  const compare = COMPARISONS[operator];
  const wanted = literal(right.trim(), path);
  return (value) =>
    children(value).filter((item) => walk(of, item).some((found) => compare?.(found, wanted) === true));
}

function literal(text: string, path: string): unknown {
  const quoted = /^(["'])(.*)\1$/s.exec(text);
  if (quoted !== null) return unescaped(quoted[2] ?? '');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw wrongPath(path, `${text} is neither a number nor in quotes`);
  }
}

const wrongPath = (path: string, what: string): Error =>
  usageError(
    `jsonpath: ${what}, in "${path}"`,
    'Write for example {.items[*].metadata.name} or {.items[?(@.spec.role=="worker")].status.address}.',
  );
