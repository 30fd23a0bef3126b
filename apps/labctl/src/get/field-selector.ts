import { usageError } from '@lab/cli-kit';

/** The fields that labd selects by, and what its filters are called. */
export const FIELDS: Readonly<Record<string, string>> = {
  'status.phase': 'status',
  'spec.role': 'role',
  'spec.cloud': 'cloud',
  'spec.environment': 'environment',
  'status.bastion': 'bastion',
  'status.cluster': 'cluster',
  'status.network': 'network',
  'status.state': 'state',
  'spec.profile': 'profile',
};

/** labd's filters for `status.phase=installed,spec.role=worker`; the filters' own names are taken, too. Raises a usage error. */
export function fieldSelector(text: string | undefined): Record<string, string> {
  if (text === undefined) return {};
  return Object.fromEntries(
    text.split(',').map((term) => {
      const [, path = '', value = ''] = /^([^=!]+)==?([^=]+)$/.exec(term.trim()) ?? [];
      const name = FIELDS[path] ?? Object.values(FIELDS).find((filter) => filter === path);
      if (name !== undefined && value !== '') return [name, value];
      throw usageError(
        path === ''
          ? `--field-selector: "${term}" is not FIELD=VALUE`
          : `--field-selector: labd does not select by ${path}`,
        `Fields: ${Object.keys(FIELDS).join(', ')}. For others, -o jsonpath='{.items[?(@.FIELD=="VALUE")]…}'.`,
      );
    }),
  );
}
