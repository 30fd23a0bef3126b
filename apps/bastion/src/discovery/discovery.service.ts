import { Inject, Injectable } from '@nestjs/common';
import { claimOf, type Clock, type MacAddress } from '@lab/domain';
import { CLOCK } from '../clock.js';
import { InstallBoots } from '../installs/install-boots.js';
import { BASTION_LOG, type BastionLog } from '../logger.js';
import { MachineClaims } from '../machines/machine-claims.js';
import { MachineStore } from '../machines/machine.store.js';
import { FACT_SINK, type FactSink } from '../uplink/fact-sink.js';
import { DiscoveryLimit } from './discovery-limit.js';
import { machineOf, type HardwareBody } from './hardware-body.js';

/** How often a machine in discovery asks what to do. */
const POLL_SECONDS = 5;
/** A machine that reports the same again is told to labd at most so often, in ms. */
const SAME_AGAIN_MS = 60_000;
/** labd is told so often that a machine still waits in discovery, in ms: it must not take it for one that is gone. */
const STILL_THERE_MS = 600_000;
const MAX_TOLD = 25_000;

/** Machines that report their hardware. */
@Injectable()
export class DiscoveryService {
  /** When labd was told of a machine; those told last are at the end. */
  readonly #told = new Map<MacAddress, number>();

  constructor(
    private readonly machines: MachineStore,
    private readonly claims: MachineClaims,
    private readonly installs: InstallBoots,
    private readonly limit: DiscoveryLimit,
    @Inject(FACT_SINK) private readonly sink: FactSink,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(BASTION_LOG) private readonly log: BastionLog,
  ) {}

  async seen(body: HardwareBody, address: string): Promise<{ pollSeconds: number }> {
    const now = this.clock.now();
    const machine = machineOf(body, now);
    const { mac } = machine;
    await this.installs.admitDiscovery(mac, address);
    const isKnown = this.machines.get(mac) !== undefined;
    const isNews = this.machines.isNews(machine);
    if (isNews) this.limit.take(address, isKnown);
    this.claims.note(mac, address, claimOf(machine.uuid, machine.serial));
    await this.machines.put(machine);
    const told = this.#told.get(mac);
    if (isNews || told === undefined || now - told >= SAME_AGAIN_MS) {
      await this.sink.machines([machine]);
      this.#note(mac, now);
    }
    if (!isKnown) this.log.info({ mac, model: machine.model }, 'a new machine was discovered');
    return { pollSeconds: POLL_SECONDS };
  }

  /** A machine in discovery has asked what to do: it is still there. */
  async stillThere(mac: MacAddress, address: string): Promise<void> {
    const machine = this.machines.get(mac);
    if (machine === undefined || !this.claims.has(mac, address)) return;
    this.machines.touch(mac);
    const now = this.clock.now();
    if (now - (this.#told.get(mac) ?? 0) < STILL_THERE_MS) return;
    this.#note(mac, now);
    try {
      await this.sink.machines([{ ...machine, seenAt: new Date(now).toISOString() }]);
    } catch (error) {
      // It is a help, and comes again: the machine gets its answer.
      this.log.warn({ mac, err: error }, 'labd was not told that a machine is still there');
    }
  }

  #note(mac: MacAddress, now: number): void {
    this.#told.delete(mac);
    this.#told.set(mac, now);
    const [oldest] = this.#told.keys();
    if (oldest !== undefined && this.#told.size > MAX_TOLD) this.#told.delete(oldest);
  }
}
