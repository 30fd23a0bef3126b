import { isIPv6 } from 'node:net';
import { LabError } from '@lab/domain';
import { Injectable } from '@nestjs/common';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';

const MOST_FAILURES = 100;
const WINDOW_SECONDS = 300;

/**
 * Wrong passwords of one address, whatever users they are tried on: many users with one guess each lock none of them. Each
 * replica counts for itself.
 */
@Injectable()
export class LoginAttempts {
  readonly #failures = new RateLimiterMemory({ points: MOST_FAILURES, duration: WINDOW_SECONDS });

  /** Raises `too-many-requests` if the address has to wait. */
  async admit(address: string): Promise<void> {
    const seen: RateLimiterRes | null = await this.#failures.get(sourceOf(address));
    if (seen === null || seen.remainingPoints > 0) return;
    const retryAfterSeconds = Math.ceil(seen.msBeforeNext / 1000);
    throw new LabError('too-many-requests', 'Too many wrong passwords from this address', {
      hint: `Try again in ${retryAfterSeconds} s.`,
      details: { retryAfterSeconds },
    });
  }

  async countFailure(address: string): Promise<void> {
    await this.#failures.penalty(sourceOf(address));
  }
}

/** Whoever has one IPv6 address has its /64. */
export function sourceOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address;
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, '').toLowerCase())
    .join(':')}::/64`;
}
