import { LabError } from '@lab/domain';

/** NUL, which no TEXT column takes, and halves of surrogate pairs, which no UTF-8 has. */
const UNSTORABLE = /\u0000|\p{Surrogate}/u;
const DEEPEST = 20;

/** Raises `invalid` for input with text that a database can't store. */
export function refuseUnstorable(where: string, value: unknown, depth = 0): void {
  if (typeof value === 'string') {
    if (UNSTORABLE.test(value)) throw unstorable(where, 'holds a NUL or half a surrogate pair');
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (depth >= DEEPEST) throw unstorable(where, 'is nested too deeply');
  for (const [key, member] of Object.entries(value)) {
    refuseUnstorable(where, key, depth + 1);
    refuseUnstorable(where === '' ? key : `${where}.${key}`, member, depth + 1);
  }
}

const unstorable = (path: string, message: string): LabError =>
  new LabError('invalid', `${path === '' ? 'The request' : path.slice(0, 200)} ${message}`, {
    hint: 'Send text that is valid Unicode without NUL.',
    errors: [{ path: path.slice(0, 200), message }],
  });
