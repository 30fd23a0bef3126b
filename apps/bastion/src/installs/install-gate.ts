import { claimOf, compareClaims, type Clock, type MacAddress, type MachineClaim } from '@lab/domain';
import type { ServerPlan } from '@lab/protocol';
import type { BastionLog } from '../logger.js';
import type { Neighbours } from '../machines/neighbours.js';
import type { MachineClaims } from '../machines/machine-claims.js';
import {
  compareLinks,
  judgeBoot,
  judgeReport,
  mayFetch,
  ownsAddress,
  type BoundInstall,
  type Peer,
  type OpenKickstart,
  type RefusedRequest,
} from './binding.js';
import { installElsewhere } from './install.errors.js';
import type { InstallRecord } from './install-record.js';
import type { InstallWriter } from './install-writer.js';
import type { InstallStore } from './install.store.js';

/** A machine that asks for its boot script. */
export interface Asker extends MachineClaim {
  mac: MacAddress;
  address: string;
}

export interface InstallGateParts {
  store: InstallStore;
  writer: InstallWriter;
  claims: MachineClaims;
  neighbours: Neighbours;
  clock: Clock;
  log: BastionLog;
  /** Who hasn't been heard of for so long is silent, in ms. */
  silenceMs: number;
}

/** Keeps everyone but its own machine away from an install. What a second address asks changes nothing but its refusals. */
export class InstallGate {
  readonly #since: number;

  constructor(private readonly parts: InstallGateParts) {
    this.#since = parts.clock.now();
  }

  /**
   * Who asks for the boot script of an install; changes nothing. `other-machine`: not the install's, whatever its MAC address
   * says. `elsewhere`: a second address.
   */
  async judge(
    server: ServerPlan,
    record: InstallRecord | undefined,
    asker: Asker,
  ): Promise<'machine' | 'restarted' | 'other-machine' | 'elsewhere'> {
    if (record === undefined || record.binding === null) return this.#judgeFirst(server, asker);
    const peer = await this.#peer(record, asker.address);
    return judgeBoot(
      this.#bound(record),
      { ...asker, ...peer },
      this.parts.clock.now(),
      this.parts.silenceMs,
    );
  }

  /** Raises `not-allowed` if the kickstart that was handed out isn't this address' to fetch. */
  async admitFetch(record: InstallRecord, open: OpenKickstart | undefined, address: string): Promise<void> {
    const peer = await this.#peer(record, address);
    const install = this.#bound(record);
    if (open === undefined ? ownsAddress(install, address) : mayFetch(install, open, peer)) return;
    await this.refuse(record, 'kickstart', address);
    throw installElsewhere();
  }

  /** Lets the bound machine report. Raises `not-allowed` for a second address, though it has the token. */
  async admitReport(
    record: InstallRecord,
    tokenHash: string,
    address: string,
    what: RefusedRequest,
  ): Promise<void> {
    const { previous, isOver } = record;
    if (previous?.reportHash === tokenHash) {
      // Whoever started anew has lost this token: its machine never went away.
      if (!isOver && previous.addresses.includes(address)) return this.#giveBack(record, address);
      await this.refuse(record, what, address);
      throw installElsewhere();
    }
    const now = this.parts.clock.now();
    const peer = await this.#peer(record, address);
    const verdict = judgeReport(this.#bound(record), peer, now, this.parts.silenceMs);
    if (verdict === 'elsewhere') {
      await this.refuse(record, what, address);
      throw installElsewhere();
    }
    if (verdict === 'moved') {
      await this.parts.store.append(record.installId, [{ type: 'moved', at: now, address }]);
      await this.parts.writer.note(
        record,
        `the machine now reports from ${address}, with the token of its install`,
      );
    }
    record.heardAt = now;
  }

  /** Raises `not-allowed` if a MAC address that is being installed is reported from elsewhere. */
  async admitDiscovery(mac: MacAddress, address: string): Promise<void> {
    const record = this.parts.store.ofMac(mac).find(({ isOver, binding }) => !isOver && binding !== null);
    if (record === undefined || ownsAddress(record, address)) return;
    await this.refuse(record, 'discovery', address);
    throw installElsewhere();
  }

  /** Writes down that a second address was refused: at once when it is new, then now and then with a count. */
  async refuse(record: InstallRecord, what: RefusedRequest, address: string): Promise<void> {
    const { store, clock, log } = this.parts;
    const at = clock.now();
    const count = record.refusals.count(address, what, at);
    if (count === 0) return;
    const link = await this.parts.neighbours(address);
    log.warn({ installId: record.installId, what, address, link, count }, 'a second address was refused');
    await store.append(record.installId, [{ type: 'refused', at, address, what, count, link }]);
    const times = count === 1 ? '' : `, ${count} times since it was last said`;
    const bound =
      record.binding === null ? '' : `; the install is bound to ${record.binding.addresses.join(', ')}`;
    await this.parts.writer.note(
      record,
      `refused: ${address}${link === null ? '' : ` (${link})`} asked for the ${what} of this install${times}${bound}`,
    );
  }

  /** An install that nobody has fetched yet goes to the machine that labd knows under this MAC address. */
  #judgeFirst(server: ServerPlan, asker: Asker): 'machine' | 'other-machine' {
    const { claims } = this.parts;
    const known = claimOf(server.uuid, server.serial);
    switch (compareClaims(known, asker)) {
      case 'same':
        return 'machine';
      case 'other':
        return 'other-machine';
      case 'unknown':
        // It doesn't say who it is. It isn't the known machine if it said so before, or if that one was heard of elsewhere.
        return claims.isOther(asker.mac, asker.address, known) ||
          claims.isElsewhere(asker.mac, asker.address, known)
          ? 'other-machine'
          : 'machine';
    }
  }

  async #giveBack(record: InstallRecord, address: string): Promise<void> {
    const at = this.parts.clock.now();
    const taker = record.binding?.addresses.at(-1) ?? 'another address';
    await this.parts.store.append(record.installId, [{ type: 'given-back', at, address }]);
    await this.refuse(record, 'kickstart', taker);
    const text = `the machine at ${address} reports again: ${taker}, which had begun the install anew, has lost it`;
    await this.parts.writer.note(record, text);
  }

  /** MAC address at an address, as far as the bastion's own networks tell. */
  linkOf(address: string): Promise<string | null> {
    return this.parts.neighbours(address);
  }

  async #peer(record: InstallRecord, address: string): Promise<Peer> {
    const { binding, macs } = record;
    // Most come from where they always come from: the table needn't be read.
    if (binding === null || ownsAddress(record, address)) return { address, link: 'unknown' };
    return { address, link: compareLinks(binding, macs, await this.parts.neighbours(address)) };
  }

  /** After a restart of the bastion nobody has been heard of, and nobody is silent yet. */
  #bound(record: InstallRecord): BoundInstall {
    const { binding, plannedAddresses, outcome } = record;
    const heardAt = Math.max(record.heardAt, this.#since);
    return { binding, plannedAddresses, outcome, heardAt };
  }
}
