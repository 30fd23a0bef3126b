import type { Condition } from '@lab/cli-kit';
import { Table, momentAge, oneLine } from '@lab/cli-kit';

const LABEL_WIDTH = 14;
export const NOTHING = '<none>';

/** A label with its value. Null and empty show as `<none>`. */
export function field(label: string, value: string | number | null | undefined, indent = 0): string {
  const text = value === null || value === undefined || value === '' ? NOTHING : oneLine(String(value));
  const prefix = ' '.repeat(indent);
  return `${prefix}${`${label}:`.padEnd(LABEL_WIDTH - indent)} ${text}`;
}

/** A heading with a table under it, or `<none>` beside it. */
export function tableSection(
  heading: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): string[] {
  if (rows.length === 0) return [field(heading, null)];
  const clean = rows.map((row) => row.map((cell) => (cell === '' ? NOTHING : oneLine(cell))));
  return [`${heading}:`, ...new Table(columns).lines(clean).map((line) => `  ${line}`)];
}

/** `a=1, b=2` */
export const pairs = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');

/** What is stated of a resource beside its phase; `now` in milliseconds. */
export function conditionsSection(stated: readonly Condition[], now: number): string[] {
  return tableSection(
    'Conditions',
    ['TYPE', 'STATUS', 'SINCE', 'REASON', 'MESSAGE'],
    stated.map(({ type, status, since, reason, message }) => [
      type,
      status,
      momentAge(since, now),
      reason,
      message,
    ]),
  );
}
