/**
 * As `LatestOnly`, for many things that each have a newest state: works on all that came since, at once. What failed is kept
 * for a retry. A peer that tells faster than can be written loses what is oldest, not us our memory.
 */
export class LatestByKey<T> {
  readonly #waiting = new Map<string, T>();
  #running = false;
  #weight = 0;

  constructor(
    private readonly options: {
      work: (values: ReadonlyMap<string, T>) => Promise<void>;
      failed: (error: unknown) => void;
      /** What a value counts, and what all that wait may count together. */
      weightOf: (value: T) => number;
      most: number;
    },
  ) {}

  take(key: string, value: T): void {
    this.#put(key, value);
    for (const [oldest] of this.#waiting) {
      if (this.#weight <= this.options.most || oldest === key) break;
      this.#drop(oldest);
    }
    this.retry();
  }

  /** Goes on with what failed. */
  retry(): void {
    if (!this.#running && this.#waiting.size > 0) void this.#run();
  }

  #put(key: string, value: T): void {
    this.#drop(key);
    this.#waiting.set(key, value);
    this.#weight += this.options.weightOf(value);
  }

  #drop(key: string): void {
    const old = this.#waiting.get(key);
    if (old === undefined) return;
    this.#waiting.delete(key);
    this.#weight -= this.options.weightOf(old);
  }

  async #run(): Promise<void> {
    this.#running = true;
    try {
      while (this.#waiting.size > 0) {
        const values = new Map(this.#waiting);
        this.#waiting.clear();
        this.#weight = 0;
        try {
          await this.options.work(values);
        } catch (error) {
          for (const [key, value] of values) if (!this.#waiting.has(key)) this.#put(key, value);
          this.options.failed(error);
          return;
        }
      }
    } finally {
      this.#running = false;
    }
  }
}
