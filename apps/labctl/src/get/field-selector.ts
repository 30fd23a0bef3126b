import { usageError } from '@lab/cli-kit';

/** The fields that labd selects by, and what its filters are called. */
export const FIELDS: Readonly<Record<string, string>> = {
  'status.phase': 'status',
  'status.conditions': 'condition',
  conditions: 'condition',
  'spec.role': 'role',
  'spec.cloud': 'cloud',
  'spec.environment': 'environment',
  'status.bastion': 'bastion',
  'status.cluster': 'cluster',
  'status.network': 'network',
  'status.state': 'state',
  'spec.profile': 'profile',
};

/**
 * labd's filters for `status.phase=installed,spec.role=worker`; the filters' own names are taken, too. `flags` are the filters
 * that have a flag of their own in the same command. Raises a usage error.
 */
export function fieldSelector(
  text: string | undefined,
  flags: readonly string[] = [],
): Record<string, string> {
  if (text === undefined) return {};
  const filters = new Map<string, string>();
  for (const term of text.split(',')) {
    const [, path = '', value = ''] = /^([^=!]+)==?([^=]+)$/.exec(term.trim()) ?? [];
    const name = FIELDS[path] ?? Object.values(FIELDS).find((filter) => filter === path);
    if (name !== undefined && value !== '') {
      // Both have to hold: only conditions are several at once, and labd's filter takes any of them.
      if (filters.has(name)) throw usageError(`--field-selector: ${path} is given twice`, 'Give it once.');
      if (flags.includes(name)) {
        throw usageError(`--field-selector: ${path} is what --${name} says, too`, 'Give one of the two.');
      }
      filters.set(name, value);
      continue;
    }
    throw usageError(
      path === ''
        ? `--field-selector: "${term}" is not FIELD=VALUE`
        : `--field-selector: labd does not select by ${path}`,
      `Fields: ${Object.keys(FIELDS).join(', ')}. For others, -o jsonpath='{.items[?(@.FIELD=="VALUE")]…}'.`,
    );
  }
  return Object.fromEntries(filters);
}
