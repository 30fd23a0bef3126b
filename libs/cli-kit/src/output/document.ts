import { stringify } from 'yaml';
import { oneLine, safeJson } from './neutralise.js';
import type { OutputFormat } from './output-format.js';
import { textAt } from './cells.js';

/** A resource or list as JSON or YAML text, every field kept, ending with a line feed. */
export function documentText(value: unknown, format: 'json' | 'yaml'): string {
  if (format === 'json') return `${safeJson(JSON.stringify(value, null, 2))}\n`;
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** `server/node1`: what `-o name` prints, and what other commands take. */
export function resourceName(resource: unknown, singular: string): string {
  return `${singular}/${oneLine(textAt(resource, 'metadata.name') ?? textAt(resource, 'metadata.id') ?? '<unknown>')}`;
}

/** What a command that changes a resource prints: `server/node1 provisioning`, or the resource in the wanted format. */
export function changeText(
  resource: unknown,
  singular: string,
  change: string,
  format: OutputFormat,
): string {
  if (format === 'json' || format === 'yaml') return documentText(resource, format);
  const name = resourceName(resource, singular);
  return format === 'name' ? `${name}\n` : `${name} ${oneLine(change)}\n`;
}
