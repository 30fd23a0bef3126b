import { LabError, printable } from '@lab/domain';
import type { z } from 'zod';
import { decodeText } from './text-body.js';

const MAX_ERRORS = 20;

/** A request's body, parsed and trusted from here on. Raises `invalid` with every wrong field, `unsupported-media-type`. */
export function parseBody<T>(
  body: unknown,
  contentType: string | undefined,
  schema: z.ZodType<T>,
  hint: string,
): T {
  const media = (contentType ?? 'application/json').split(';', 1)[0]?.trim().toLowerCase();
  if (media !== 'application/json') {
    throw new LabError('unsupported-media-type', `${printable(media ?? '')} is not taken here`, {
      hint: 'Send application/json.',
    });
  }
  let json: unknown;
  try {
    json = JSON.parse(decodeText(bytesOf(body)));
  } catch (error) {
    const why = error instanceof SyntaxError ? printable(error.message) : 'not JSON';
    throw new LabError('invalid', `The body is not JSON: ${why}`, { hint });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues
    .slice(0, MAX_ERRORS)
    .map((issue) => ({ path: printable(issue.path.join('.')), message: printable(issue.message) }));
  const first = errors[0];
  const where = first === undefined || first.path === '' ? '' : `${first.path}: `;
  throw new LabError('invalid', `The body can't be used: ${where}${first?.message ?? 'invalid'}`, {
    hint,
    errors,
  });
}

/** Every body comes as bytes (see text-body.ts); none at all is empty. */
export const bytesOf = (body: unknown): Buffer => (Buffer.isBuffer(body) ? body : Buffer.alloc(0));
