import { ACTIVE_INSTALL_STATES, type Clock, type MacAddress } from '@lab/domain';
import type { NetbootEvent } from '@lab/protocol';
import { TokenBucket } from '../discovery/token-bucket.js';
import type { InstallRecord } from '../installs/install-record.js';
import type { InstallWriter } from '../installs/install-writer.js';
import type { InstallStore } from '../installs/install.store.js';
import type { BastionLog } from '../logger.js';
import type { PlanStore } from '../machines/plan.store.js';

/** Lines for one machine; events beyond them are in the journal only. Anyone can send DHCP with any MAC address. */
const RATE = { burst: 100, perMinute: 20 };
const MAX_BUCKETS = 1_000;

export interface InstallNetbootLogParts {
  plans: PlanStore;
  store: InstallStore;
  writer: InstallWriter;
  clock: Clock;
  log: BastionLog;
}

/** Writes what a machine meets on its way to its kernel into the log of its install, beside the stages. */
export class InstallNetbootLog {
  #buckets = new Map<MacAddress, TokenBucket>();

  constructor(private readonly parts: InstallNetbootLogParts) {}

  /** `count`: how often it has happened. */
  take(mac: MacAddress, event: NetbootEvent, count: number): void {
    // 1, 10, 100 …: one that goes on and on is said now and then.
    if (!/^10*$/.test(String(count)) || !this.#isDue(mac) || !this.#mayTake(mac)) return;
    this.#write(mac, event).catch((error: unknown) => {
      this.parts.log.warn({ mac, err: error }, 'an event of a machine is not in the log of its install');
    });
  }

  #isDue(mac: MacAddress): boolean {
    const { plans, store } = this.parts;
    const server = plans.find(mac);
    const isOrdered = server?.action === 'install' && isActive(server.install?.state);
    return isOrdered || store.ofMac(mac).some(({ isOver }) => !isOver);
  }

  async #write(mac: MacAddress, { type, address, text }: NetbootEvent): Promise<void> {
    const { store, writer } = this.parts;
    const record = store.ofMac(mac).find(({ isOver }) => !isOver) ?? (await this.#planned(mac));
    if (record === undefined) return;
    const line = `${type}: ${mac}${address === null ? '' : ` at ${address}`} ${text}`;
    await writer.exclusive(record.installId, () => writer.note(record, line, 'netboot'));
  }

  /** The install that is ordered; its log begins with the machine's first word. */
  async #planned(mac: MacAddress): Promise<InstallRecord | undefined> {
    const { plans, store, writer } = this.parts;
    const server = plans.find(mac);
    const install = server?.install ?? null;
    if (server === undefined || install === null) return undefined;
    if (store.get(install.installId)?.isOver === true) return undefined;
    return writer.exclusive(install.installId, () => writer.planned(server, install, mac));
  }

  #mayTake(mac: MacAddress): boolean {
    const now = this.parts.clock.now();
    const bucket = this.#buckets.get(mac) ?? new TokenBucket(RATE, now);
    this.#buckets.delete(mac);
    this.#buckets.set(mac, bucket);
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > MAX_BUCKETS && oldest !== undefined) this.#buckets.delete(oldest);
    if (!bucket.has(now)) return false;
    bucket.take();
    return true;
  }
}

const isActive = (state: string | undefined): boolean =>
  state !== undefined && ACTIVE_INSTALL_STATES.some((active) => active === state);
