import { oneLine } from './neutralise.js';
import { ageText, bytesText } from './quantities.js';

export const NONE = '<none>';
export const UNKNOWN = '<unknown>';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value at a dotted path of own properties: `status.hardware.cpuCores`; undefined if there is none. */
export function valueAt(resource: unknown, path: string): unknown {
  let value: unknown = resource;
  for (const key of path.split('.')) {
    if (!isRecord(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** As {@link valueAt}, if it is text that isn't empty. */
export function textAt(resource: unknown, path: string): string | undefined {
  const value = valueAt(resource, path);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * A cell of a table. The path's ending tells the unit: `at` and `…At` are moments (shown as their age), `…Bytes` a size.
 * Lists are joined by commas, resources in them shown by name, disks with their size.
 */
export function cellText(resource: unknown, path: string, now: number): string {
  const value = valueAt(resource, path);
  if (/(?:^|\.)at$|At$/.test(path)) return momentAge(value, now);
  if (path.endsWith('Bytes') && typeof value === 'number') return bytesText(value);
  return plainText(value);
}

/** A clock that is a little ahead of ours gives no reason to speak of the future. */
const SAME_MOMENT_MS = 10_000;

/** The age of an RFC 3339 moment, `in 14m` for one to come; `<unknown>` for what is none. */
export function momentAge(value: unknown, now: number): string {
  const moment = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(moment)) return UNKNOWN;
  return moment - now > SAME_MOMENT_MS ? `in ${ageText(moment - now)}` : ageText(now - moment);
}

function plainText(value: unknown): string {
  if (value === null || value === undefined || value === '') return NONE;
  if (typeof value === 'string') return oneLine(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.length === 0 ? NONE : value.map(itemText).join(',');
  return itemText(value);
}

function itemText(item: unknown): string {
  const name = textAt(item, 'name') ?? textAt(item, 'id');
  if (name === undefined) return isRecord(item) ? oneLine(JSON.stringify(item)) : plainText(item);
  const size = valueAt(item, 'sizeBytes');
  return typeof size === 'number' ? `${oneLine(name)}(${bytesText(size)})` : oneLine(name);
}
