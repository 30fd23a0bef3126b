import type { MacAddress } from '@lab/domain';
import { Injectable } from '@nestjs/common';

/** Wakes those who follow a machine's installs. It carries nothing: a follower reads what is new from where it stands. */
@Injectable()
export class InstallFeed {
  #listeners = new Map<MacAddress, Set<() => void>>();

  /** Something of an install of these NICs' machine is new. */
  wake(macs: Iterable<MacAddress>): void {
    for (const mac of macs) {
      for (const listener of this.#listeners.get(mac) ?? []) listener();
    }
  }

  /** Calls back when there is news of that machine; returns how to stop that. */
  listen(mac: MacAddress, listener: () => void): () => void {
    const listeners = this.#listeners.get(mac) ?? new Set();
    this.#listeners.set(mac, listeners);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(mac);
    };
  }
}
