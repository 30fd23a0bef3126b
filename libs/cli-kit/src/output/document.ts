import { Document, visit } from 'yaml';
import { isUnsafe, oneLine, safeJson } from './neutralise.js';
import type { OutputFormat } from './output-format.js';
import { textAt } from './cells.js';

/** A resource or list as JSON or YAML text, every field kept, ending with a line feed. Equal data, harmless on a terminal. */
export function documentText(value: unknown, format: 'json' | 'yaml'): string {
  if (format === 'json') return `${safeJson(JSON.stringify(value, null, 2))}\n`;
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_key, scalar) {
      // Only in double quotes does YAML know the escapes of JSON.
      if (typeof scalar.value === 'string' && isUnsafe(scalar.value)) scalar.type = 'QUOTE_DOUBLE';
    },
  });
  return safeJson(document.toString({ lineWidth: 0 }));
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
