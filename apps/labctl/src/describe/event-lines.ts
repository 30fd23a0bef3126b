import { momentAge, textAt } from '@lab/cli-kit';
import { tableSection } from './description.js';

/** The changes of a resource, the newest last; nothing if there are none. */
export function eventLines(entries: readonly unknown[], now: number): string {
  if (entries.length === 0) return '';
  const rows = entries
    .toReversed()
    .map((entry) => [
      momentAge(textAt(entry, 'at'), now),
      textAt(entry, 'actor') ?? '',
      textAt(entry, 'action') ?? '',
      textAt(entry, 'source') ?? '',
    ]);
  return `${tableSection('Changes', ['AGE', 'BY', 'WHAT', 'FROM'], rows).join('\n')}\n`;
}
