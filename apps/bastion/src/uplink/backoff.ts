/** Waits that double from `firstMs` to `lastMs`, each shortened by up to half at random, so that many don't come at once. */
export class Backoff {
  #next: number;

  constructor(
    private readonly firstMs: number,
    private readonly lastMs: number,
    private readonly random: () => number = Math.random,
  ) {
    this.#next = firstMs;
  }

  /** The next wait, in ms. */
  next(): number {
    const wait = this.#next;
    this.#next = Math.min(this.lastMs, wait * 2);
    return wait * (1 - this.random() / 2);
  }

  reset(): void {
    this.#next = this.firstMs;
  }
}
