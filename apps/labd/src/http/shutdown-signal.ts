import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';

/** Aborted when the program begins to end: what would go on for ever stops on it. */
@Injectable()
export class ShutdownSignal implements BeforeApplicationShutdown {
  readonly #controller = new AbortController();

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  beforeApplicationShutdown(): void {
    this.#controller.abort();
  }
}
