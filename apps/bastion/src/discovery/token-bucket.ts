/** So many in one go, and then so many a minute. */
export interface Rate {
  burst: number;
  perMinute: number;
}

/** Lets through what a rate allows. Times in ms. */
export class TokenBucket {
  #tokens: number;
  #at: number;

  constructor(
    private readonly rate: Rate,
    now: number,
  ) {
    this.#tokens = rate.burst;
    this.#at = now;
  }

  /** Whether nothing of it is used. */
  isFull(now: number): boolean {
    this.#refill(now);
    return this.#tokens >= this.rate.burst;
  }

  has(now: number): boolean {
    this.#refill(now);
    return this.#tokens >= 1;
  }

  take(): void {
    this.#tokens -= 1;
  }

  #refill(now: number): void {
    const gained = (Math.max(0, now - this.#at) * this.rate.perMinute) / 60_000;
    this.#tokens = Math.min(this.rate.burst, this.#tokens + gained);
    this.#at = now;
  }
}
