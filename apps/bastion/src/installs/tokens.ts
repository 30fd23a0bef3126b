import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** 32 random bytes, base64url: what a machine or a person shows to be let in. */
export const mintToken = (): string => randomBytes(32).toString('base64url');

/** What is kept of a token. It has 256 random bits, so a plain hash can't be reversed. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** Whether two hashes are the same, in a time that tells nothing. */
export function sameHash(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

/** The report token that goes with a kickstart token: the same for a repeated fetch, and of no use to guess the other. */
export const reportTokenFor = (kickstartToken: string, key: string): string =>
  createHmac('sha256', key).update(`report ${kickstartToken}`).digest('base64url');

/** The token of an `Authorization: Bearer …` header. */
export const bearerOf = (header: string | undefined): string | undefined =>
  /^Bearer +([A-Za-z0-9._~+/=-]{1,512}) *$/i.exec(header ?? '')?.[1];
