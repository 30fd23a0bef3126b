import type { Networks } from '@lab/protocol';
import { levelParts } from './served-level.js';
import type { ServedNetworksQuery } from './served-networks.query.js';
import { WakingLoop } from './waking-loop.js';

/** The link that networks go out on. */
export interface NetworkTarget {
  bastionId: string;
  send: (part: Networks) => void;
  failed: (error: unknown) => void;
}

/** Keeps a bastion at what it has to serve: told once after the welcome, and whenever it has changed. */
export class NetworkSender {
  readonly #loop: WakingLoop;
  #fingerprint: string | undefined;
  #revision: string | undefined;

  constructor(
    private readonly query: ServedNetworksQuery,
    private readonly target: NetworkTarget,
  ) {
    this.#loop = new WakingLoop(() => this.#look(), target.failed);
  }

  /** Call it when networks, or addresses that are declared in them, may have changed. */
  wake(): void {
    this.#loop.wake();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #look(): Promise<void> {
    // It is read before the level: what is committed in between is looked at twice rather than never.
    const fingerprint = await this.query.fingerprint(this.target.bastionId);
    if (fingerprint === undefined || fingerprint === this.#fingerprint || this.#loop.stopped) return;
    const parts = levelParts(await this.query.level(this.target.bastionId));
    const revision = parts[0]?.revision;
    if (revision !== this.#revision) for (const part of parts) this.target.send(part);
    this.#fingerprint = fingerprint;
    this.#revision = revision;
  }
}
