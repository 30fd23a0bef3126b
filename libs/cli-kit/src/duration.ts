import { usageError } from './cli-error.js';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const LONGEST_MS = 30 * 86_400_000;

/** `90s`, `5m`, `1h30m`, or a bare number of seconds, in milliseconds. Raises a usage error that names the flag. */
export function parseDuration(text: string, flag: string): number {
  const refuse = () =>
    usageError(`${flag}: "${text}" is not a duration`, 'Write 30s, 5m or 1h30m; 30 days at most.');
  if (/^\d{1,9}$/.test(text)) return within(Number(text) * 1000, refuse);
  if (!/^(?:\d{1,9}(?:ms|s|m|h|d))+$/.test(text)) throw refuse();
  const parts = [...text.matchAll(/(\d+)(ms|s|m|h|d)/g)];
  return within(
    parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNITS[unit ?? ''] ?? 0), 0),
    refuse,
  );
}

function within(milliseconds: number, refuse: () => Error): number {
  if (milliseconds > LONGEST_MS) throw refuse();
  return milliseconds;
}
