import { LabError, type Clock } from '@lab/domain';
import type { BastionLimits } from '../config.js';
import { TokenBucket } from './token-bucket.js';

/** Addresses that are told apart. */
const MAX_ADDRESSES = 10_000;

/** What was held back, for the condition of the bastion. */
export interface HeldBack {
  count: number;
  firstAt: number;
  lastAt: number;
  /** Who had most of it held back. */
  address: string;
}

/**
 * How fast machines may be told that nobody here knew. Each address has a budget of its own, so that one that invents
 * machines leaves the others theirs; a relay that stands for many has room for them.
 */
export class DiscoveryLimit {
  readonly #all: TokenBucket;
  readonly #addresses = new Map<string, { bucket: TokenBucket; heldBack: number }>();
  #heldBack: HeldBack | null = null;

  constructor(
    private readonly limits: Pick<BastionLimits, 'newMachines' | 'newMachinesPerAddress'>,
    private readonly clock: Clock,
  ) {
    this.#all = new TokenBucket(limits.newMachines, clock.now());
  }

  /** Since it was quiet for `quietMs`; null: nothing lately. */
  heldBackWithin(quietMs: number): HeldBack | null {
    if (this.#heldBack !== null && this.clock.now() - this.#heldBack.lastAt > quietMs) this.#heldBack = null;
    return this.#heldBack;
  }

  /**
   * Takes one from the budgets: for news of a known machine only from that of its address. Raises `too-many-requests`: a
   * machine that behaves asks again later.
   */
  take(address: string, isKnown: boolean): void {
    const now = this.clock.now();
    const own = this.#of(address, now);
    if (own.bucket.has(now) && (isKnown || this.#all.has(now))) {
      own.bucket.take();
      if (!isKnown) this.#all.take();
      return;
    }
    own.heldBack += 1;
    const most = this.#addresses.get(this.#heldBack?.address ?? '');
    this.#heldBack = {
      count: (this.#heldBack?.count ?? 0) + 1,
      firstAt: this.#heldBack?.firstAt ?? now,
      lastAt: now,
      address:
        most !== undefined && most.heldBack > own.heldBack ? (this.#heldBack?.address ?? address) : address,
    };
    throw new LabError(
      'too-many-requests',
      'More new machines are reported than this bastion takes at once',
      {
        hint: 'Report it again in a few seconds. BASTION_NEW_MACHINES and BASTION_NEW_MACHINES_PER_ADDRESS set the pace.',
      },
    );
  }

  #of(address: string, now: number): { bucket: TokenBucket; heldBack: number } {
    const known = this.#addresses.get(address);
    if (known !== undefined) return known;
    if (this.#addresses.size >= MAX_ADDRESSES) this.#forget(now);
    const added = { bucket: new TokenBucket(this.limits.newMachinesPerAddress, now), heldBack: 0 };
    this.#addresses.set(address, added);
    return added;
  }

  /** Those whose budget is whole again; if there is none, the one that came first. */
  #forget(now: number): void {
    for (const [address, { bucket }] of this.#addresses)
      if (bucket.isFull(now)) this.#addresses.delete(address);
    const [first] = this.#addresses.keys();
    if (first !== undefined && this.#addresses.size >= MAX_ADDRESSES) this.#addresses.delete(first);
  }
}
