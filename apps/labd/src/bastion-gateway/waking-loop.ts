const LOOK_EVERY_MS = 2000;

/** Looks whenever it is woken, never twice at a time, and by itself now and then: for what changed in other replicas. */
export class WakingLoop {
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #again = false;
  #stopped = false;

  constructor(
    private readonly look: () => Promise<void>,
    private readonly failed: (error: unknown) => void,
  ) {}

  get stopped(): boolean {
    return this.#stopped;
  }

  wake(): void {
    if (this.#stopped) return;
    if (this.#looking !== undefined) {
      this.#again = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#again = false;
    this.#looking = this.look()
      .catch(this.failed)
      .then(() => {
        this.#looking = undefined;
        if (this.#again) this.wake();
        else this.#sleep();
      });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }

  #sleep(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.wake();
    }, LOOK_EVERY_MS);
    this.#timer.unref();
  }
}
