import { NONE, cellText, momentAge, oneLine, textAt, valueAt } from '@lab/cli-kit';
import { field, pairs } from './description.js';

type Json = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const MOST_DEPTH = 8;

/** All that is known of a resource of any kind, in the order in which labd has it; `now` in milliseconds. */
export function resourceDescription(resource: unknown, now: number): string {
  const created = textAt(resource, 'metadata.createdAt');
  const labels = (path: string): string => pairs((valueAt(resource, path) ?? {}) as Record<string, string>);
  const rest = isRecord(resource) ? resource : {};
  const others = Object.entries(rest).filter(
    ([key]) => !['apiVersion', 'kind', 'metadata', 'spec', 'status'].includes(key),
  );
  return [
    field('Name', textAt(resource, 'metadata.name')),
    field('ID', textAt(resource, 'metadata.id')),
    field('Labels', labels('metadata.labels')),
    field('Annotations', labels('metadata.annotations')),
    field('Created', created === undefined ? null : `${created} (${momentAge(created, now)} ago)`),
    ...['spec', 'status'].flatMap((part) => section(title(part), valueAt(resource, part), 0)),
    ...others.flatMap(([key, value]) => section(title(key), value, 0)),
    '',
  ].join('\n');
}

function section(label: string, value: unknown, depth: number): string[] {
  const indent = '  '.repeat(depth);
  if (depth > MOST_DEPTH) return [`${indent}${label}: …`];
  if (isRecord(value)) {
    const entries = Object.entries(value);
    if (entries.length === 0) return [`${indent}${label}: ${NONE}`];
    return [
      `${indent}${label}:`,
      ...entries.flatMap(([key, inner]) => section(title(key), inner, depth + 1)),
    ];
  }
  if (Array.isArray(value) && value.some(isRecord)) {
    return [`${indent}${label}:`, ...value.flatMap((item: unknown) => listed(item, depth + 1))];
  }
  if (Array.isArray(value) && value.some((item) => String(item).length > 40)) {
    return [
      `${indent}${label}:`,
      ...value.flatMap((item: unknown) => lines(item).map((line) => `${indent}  ${line}`)),
    ];
  }
  const [first = '', ...more] = Array.isArray(value) ? [cellText({ value }, 'value', 0)] : lines(value);
  return [`${indent}${label}: ${first}`, ...more.map((line) => `${indent}  ${line}`)];
}

/** An item of a list: a dash before its first line. */
function listed(item: unknown, depth: number): string[] {
  const indent = '  '.repeat(depth);
  if (!isRecord(item)) return [`${indent}- ${cellText({ item }, 'item', 0)}`];
  const inner = Object.entries(item).flatMap(([key, value]) => section(title(key), value, depth + 1));
  return inner.map((line, index) => (index === 0 ? `${indent}- ${line.trimStart()}` : line));
}

/** Text of several lines keeps them. */
const lines = (value: unknown): string[] =>
  typeof value === 'string' && value.includes('\n')
    ? value.trimEnd().split('\n').map(oneLine)
    : [cellText({ value }, 'value', 0)];

/** `dhcpEnabled` → `Dhcp enabled`. */
function title(key: string): string {
  const words = key.replace(
    /([a-z0-9])([A-Z])/g,
    (_, before: string, after: string) => `${before} ${after.toLowerCase()}`,
  );
  return oneLine(words.charAt(0).toUpperCase() + words.slice(1));
}
