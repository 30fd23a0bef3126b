import { EventEmitter } from 'node:events';
import { Injectable } from '@nestjs/common';

/** Servers of a bastion were written; `removed`: some are gone. */
export interface BastionChange {
  bastionId: string;
  removed: readonly string[];
}

/**
 * Says within this process that something was committed, so that those who follow it look at once. Nobody may depend on
 * it: another replica's commits aren't heard here, so every listener also looks by itself now and then.
 */
@Injectable()
export class Changes {
  readonly #emitter = new EventEmitter().setMaxListeners(0);

  serversChanged(bastionIds: Iterable<string>, removed: readonly string[] = []): void {
    for (const bastionId of new Set(bastionIds)) {
      this.#emitter.emit('bastion', { bastionId, removed } satisfies BastionChange);
    }
  }

  installsChanged(installIds: Iterable<string>): void {
    for (const id of new Set(installIds)) this.#emitter.emit(`install:${id}`);
  }

  /** Returns what ends the listening. */
  onBastionChange(listener: (change: BastionChange) => void): () => void {
    this.#emitter.on('bastion', listener);
    return () => this.#emitter.off('bastion', listener);
  }

  onInstallChange(installId: string, listener: () => void): () => void {
    this.#emitter.on(`install:${installId}`, listener);
    return () => this.#emitter.off(`install:${installId}`, listener);
  }
}
