import { LabError } from '@lab/domain';
import { hash, verify } from '@node-rs/argon2';
import { Injectable } from '@nestjs/common';

const AT_ONCE = 2;
const MAX_WAITING = 32;

/** argon2id in the parameters that RFC 9106 §4 gives second, for memory-constrained hosts: 64 MiB would let logins exhaust ours. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Hashes few passwords at a time and refuses when many wait: a flood of logins must not starve labd of CPU. */
@Injectable()
export class PasswordHasher {
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  #decoy: Promise<string> | undefined;

  hash(password: string): Promise<string> {
    return this.#limited(() => hash(password, PARAMETERS));
  }

  /** Takes as long for a user who doesn't exist or has no password. */
  async verify(passwordHash: string | null | undefined, password: string): Promise<boolean> {
    const decoy = await (this.#decoy ??= this.hash('no user has this password'));
    const matches = await this.#limited(() => verify(passwordHash ?? decoy, password));
    return matches && passwordHash !== null && passwordHash !== undefined;
  }

  async #limited<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= AT_ONCE) {
      if (this.#waiting.length >= MAX_WAITING) {
        throw new LabError('too-many-requests', 'Too many logins at once', {
          hint: 'Try again in a few seconds.',
          details: { retryAfterSeconds: 5 },
        });
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running += 1;
    }
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next(); // hands its place over
    }
  }
}
