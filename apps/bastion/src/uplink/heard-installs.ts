import type { Clock } from '@lab/domain';
import { MAX_HEARD, type Heard } from '@lab/protocol';

/** When the machine of each install was last heard of. In memory: after a restart the next heartbeat tells. */
export class HeardInstalls {
  /** The newest are at the end; of more than fit into a message, those that were heard of longest ago are forgotten. */
  readonly #at = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  note(installId: string): void {
    this.#at.delete(installId);
    this.#at.set(installId, this.clock.now());
    for (const oldest of this.#at.keys()) {
      if (this.#at.size <= MAX_HEARD) break;
      this.#at.delete(oldest);
    }
  }

  /** Those heard of at that time (ms since the epoch) or later. */
  since(time: number): Heard['installs'] {
    const now = this.clock.now();
    return [...this.#at]
      .filter(([, at]) => at >= time)
      .map(([installId, at]) => ({ installId, agoMs: Math.max(0, now - at) }));
  }
}
