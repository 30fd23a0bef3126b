import { EventEmitter } from 'node:events';
import { Injectable } from '@nestjs/common';

/** Servers of a bastion were written; `removed`: some are gone. */
export interface BastionChange {
  bastionId: string;
  removed: readonly string[];
}

/** What one replica tells the others. */
export interface Hint {
  bastions: readonly BastionChange[];
  installs: readonly string[];
  /** What bastions serve with DHCP may have changed. */
  networks?: boolean | undefined;
}

/**
 * Says that something was committed, so that those who follow it look at once: within this process, and through whoever
 * listens with `onHint` in other replicas too. Nobody may depend on it: every listener also looks by itself now and then.
 */
@Injectable()
export class Changes {
  readonly #emitter = new EventEmitter<{
    bastion: [BastionChange];
    feed: [];
    networks: [];
    hint: [Hint];
  }>().setMaxListeners(0);
  /** By their IDs. */
  readonly #installs = new EventEmitter().setMaxListeners(0);

  serversChanged(bastionIds: Iterable<string>, removed: readonly string[] = []): void {
    const bastions = [...new Set(bastionIds)].map((bastionId) => ({ bastionId, removed }));
    this.#tell({ bastions, installs: [] });
  }

  installsChanged(installIds: Iterable<string>): void {
    this.#tell({ bastions: [], installs: [...new Set(installIds)] });
  }

  /** Networks, or addresses that are declared in them, were written. */
  networksChanged(): void {
    this.#tell({ bastions: [], installs: [], networks: true });
  }

  /** Rows of the feed were committed, of whatever kind. */
  committed(): void {
    this.#tell({ bastions: [], installs: [] });
  }

  /** What another replica told. */
  heard({ bastions, installs, networks = false }: Hint): void {
    for (const change of bastions) this.#emitter.emit('bastion', change);
    for (const id of installs) this.#installs.emit(id);
    if (networks) this.#emitter.emit('networks');
    this.#emitter.emit('feed');
  }

  /** Returns what ends the listening. */
  onBastionChange(listener: (change: BastionChange) => void): () => void {
    this.#emitter.on('bastion', listener);
    return () => this.#emitter.off('bastion', listener);
  }

  onNetworksChange(listener: () => void): () => void {
    this.#emitter.on('networks', listener);
    return () => this.#emitter.off('networks', listener);
  }

  onInstallChange(installId: string, listener: () => void): () => void {
    this.#installs.on(installId, listener);
    return () => this.#installs.off(installId, listener);
  }

  onFeed(listener: () => void): () => void {
    this.#emitter.on('feed', listener);
    return () => this.#emitter.off('feed', listener);
  }

  /** What this process tells: for the other replicas. */
  onHint(listener: (hint: Hint) => void): () => void {
    this.#emitter.on('hint', listener);
    return () => this.#emitter.off('hint', listener);
  }

  #tell(hint: Hint): void {
    this.heard(hint);
    this.#emitter.emit('hint', hint);
  }
}
