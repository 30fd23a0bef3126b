import { createHash, randomBytes } from 'node:crypto';

/** A bearer secret: 32 random bytes in base64url, shown to its owner once and kept as its hash. */
export interface NewToken {
  token: string;
  hash: string;
}

/** Of tokens that programs use. */
export const API_TOKEN_PREFIX = 'lab_pat';

/** `prefix` says in a leaked file what the secret is for. */
export function newToken(prefix: string): NewToken {
  const token = `${prefix}_${randomBytes(32).toString('base64url')}`;
  return { token, hash: hashOf(token) };
}

/**
 * SHA-256 in hex. Enough for a secret of 256 random bits, which can't be guessed from a dictionary; and a lookup by
 * hash leaks nothing of the secret by its timing.
 */
export const hashOf = (token: string): string => createHash('sha256').update(token, 'utf8').digest('hex');
