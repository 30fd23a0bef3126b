/** Works on the newest of what comes: what came between is passed over. One at a time; what failed is kept for a retry. */
export class LatestOnly<T> {
  #waiting: { value: T } | undefined;
  #running = false;

  constructor(
    private readonly work: (value: T) => Promise<void>,
    private readonly failed: (error: unknown) => void,
  ) {}

  take(value: T): void {
    this.#waiting = { value };
    this.retry();
  }

  /** Goes on with what failed, if nothing newer came. */
  retry(): void {
    if (!this.#running && this.#waiting !== undefined) void this.#run();
  }

  async #run(): Promise<void> {
    this.#running = true;
    try {
      for (let next = this.#waiting; next !== undefined; next = this.#waiting) {
        this.#waiting = undefined;
        try {
          await this.work(next.value);
        } catch (error) {
          this.#waiting ??= next;
          this.failed(error);
          return;
        }
      }
    } finally {
      this.#running = false;
    }
  }
}
