import type { RefusedRequest } from './binding.js';

/** What an address wanted of an install that isn't its own. Times in ms since the epoch. */
export interface Refusal {
  address: string;
  /** Its MAC address, if it is on the bastion's own network. */
  link: string | null;
  what: RefusedRequest;
  count: number;
  firstAt: number;
  lastAt: number;
}

/** So many are told apart; the rest are only counted. */
const MAX_REFUSALS = 16;
/** The same again is written down at most so often, in ms: whoever asks in a loop must not fill a disk. */
const AGAIN_MS = 60_000;

/** The refusals of one install. */
export class RefusalBook {
  readonly #entries = new Map<string, Refusal & { pending: number; writtenAt: number }>();
  #others = 0;

  get all(): Refusal[] {
    return [...this.#entries.values()].map(({ pending, writtenAt: _, ...entry }) => ({
      ...entry,
      count: entry.count + pending,
    }));
  }

  /** How many there were beside those that are told apart. */
  get others(): number {
    return this.#others;
  }

  /** Counts one. Answers how many are to be written down now, this one with them; 0: not yet. */
  count(address: string, what: RefusedRequest, at: number): number {
    const entry = this.#entries.get(`${what} ${address}`);
    if (entry === undefined) {
      if (this.#entries.size < MAX_REFUSALS) return 1;
      this.#others += 1;
      return 0;
    }
    entry.pending += 1;
    entry.lastAt = at;
    return at - entry.writtenAt >= AGAIN_MS ? entry.pending : 0;
  }

  /** That address turned out to be the machine's own. */
  forget(address: string): void {
    for (const [key, entry] of this.#entries) if (entry.address === address) this.#entries.delete(key);
  }

  /** Takes what was written down. */
  add({
    address,
    what,
    at,
    count = 1,
    link = null,
  }: {
    address: string;
    what: RefusedRequest;
    at: number;
    count?: number;
    link?: string | null;
  }): void {
    const key = `${what} ${address}`;
    const entry = this.#entries.get(key) ?? {
      link,
      address,
      what,
      count: 0,
      firstAt: at,
      lastAt: at,
      pending: 0,
      writtenAt: at,
    };
    this.#entries.set(key, { ...entry, count: entry.count + count, lastAt: at, pending: 0, writtenAt: at });
  }
}
