import { LabError } from '@lab/domain';
import { z } from 'zod';

const cursor = z.tuple([z.string().max(253), z.uuid()]);
/** The last item of a page: name and ID. */
export type PageCursor = z.infer<typeof cursor>;

/** Opaque to callers, so that its content may change. */
export const writeCursor = (position: PageCursor): string =>
  Buffer.from(JSON.stringify(position)).toString('base64url');

export function readCursor(text: string): PageCursor {
  try {
    return cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch (cause) {
    throw new LabError('invalid', 'continue: is not a cursor of this list', {
      hint: 'Pass metadata.continue of the page before as it is, or start again without it.',
      errors: [{ path: 'continue', message: 'is not a cursor of this list' }],
      cause,
    });
  }
}
