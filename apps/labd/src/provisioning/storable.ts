/** NUL, and halves of surrogate pairs. */
const UNSTORABLE = /\u0000|\p{Surrogate}/u;
const ALL_UNSTORABLE = /\u0000|\p{Surrogate}/gu;

/** The largest number of an INT4 column. */
export const INT4_MAX = 2_147_483_647;
const DAY_MS = 24 * 3_600_000;
/** No time that a bastion states is before it. */
export const earliestTime = Date.UTC(2000, 0, 1);

/**
 * A fact with U+FFFD for what the database stores in no text: NUL and halves of surrogate pairs. A machine says what it
 * says; its install must not stop for it.
 */
export function storable<T>(value: T): T {
  if (typeof value === 'string') {
    // Of the same type: a string for a string.
    return UNSTORABLE.test(value) ? (value.replace(ALL_UNSTORABLE, '\uFFFD') as T & string) : value;
  }
  if (Array.isArray(value)) return value.map((item: unknown) => storable(item)) as T & unknown[];
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, storable(member)])) as T &
    object;
}

/** The time that a bastion states, or ours if its clock is out of its mind. */
export function storableTime(text: string, now: Date): Date {
  const time = Date.parse(text);
  return time >= earliestTime && time <= now.getTime() + DAY_MS ? new Date(time) : now;
}
