const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

const pair = (whole: number, unit: string, rest: number, restUnit: string): string =>
  rest === 0 ? `${whole}${unit}` : `${whole}${unit}${rest}${restUnit}`;

/** A length of time as kubectl writes an age, at most two units: `95s`, `5m30s`, `40m`, `3h12m`, `30h`, `5d4h`, `90d`, `3y40d`. */
export function ageText(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 2 * MINUTE) return `${seconds}s`;
  const minutes = Math.floor(seconds / MINUTE);
  if (seconds < 10 * MINUTE) return pair(minutes, 'm', seconds % MINUTE, 's');
  if (seconds < 3 * HOUR) return `${minutes}m`;
  const hours = Math.floor(seconds / HOUR);
  if (seconds < 8 * HOUR) return pair(hours, 'h', minutes % 60, 'm');
  if (seconds < 2 * DAY) return `${hours}h`;
  const days = Math.floor(seconds / DAY);
  if (seconds < 8 * DAY) return pair(days, 'd', hours % 24, 'h');
  if (seconds < 2 * YEAR) return `${days}d`;
  const years = Math.floor(seconds / YEAR);
  return seconds < 8 * YEAR ? pair(years, 'y', days % 365, 'd') : `${years}y`;
}

/** A running time, to the second: `4s`, `1m12s`, `1h02m03s`. */
export function elapsedText(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  if (seconds < MINUTE) return `${seconds}s`;
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)}m${two(seconds % MINUTE)}s`;
  return `${Math.floor(seconds / HOUR)}h${two(Math.floor(seconds / MINUTE) % 60)}m${two(seconds % MINUTE)}s`;
}

const BINARY_UNITS = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/** Bytes in binary units with at most one decimal, as kubectl writes quantities: `250Gi`, `1.5Ti`, `512`. */
export function bytesText(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 1024 && unit < BINARY_UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  const rounded = value >= 100 || Number.isInteger(value) ? Math.round(value) : Math.round(value * 10) / 10;
  return `${rounded}${BINARY_UNITS[unit] ?? ''}`;
}
