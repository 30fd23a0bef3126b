import { Inject, Injectable } from '@nestjs/common';
import type { Clock, MacAddress } from '@lab/domain';
import { CLOCK } from '../clock.js';
import { BASTION_LOG, type BastionLog } from '../logger.js';
import { MachineStore } from '../machines/machine.store.js';
import { FACT_SINK, type FactSink } from '../uplink/fact-sink.js';
import { machineOf, type HardwareBody } from './hardware-body.js';

/** How often a machine in discovery asks what to do. */
const POLL_SECONDS = 5;
/** A machine that reports the same again is told to labd at most so often, in ms. */
const SAME_AGAIN_MS = 60_000;

/** Machines that report their hardware. */
@Injectable()
export class DiscoveryService {
  #told = new Map<MacAddress, number>();

  constructor(
    private readonly machines: MachineStore,
    @Inject(FACT_SINK) private readonly sink: FactSink,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(BASTION_LOG) private readonly log: BastionLog,
  ) {}

  async seen(body: HardwareBody): Promise<{ pollSeconds: number }> {
    const now = this.clock.now();
    const machine = machineOf(body, now);
    const isKnown = this.machines.get(machine.mac) !== undefined;
    const told = this.#told.get(machine.mac);
    const { changed } = await this.machines.put(machine);
    if (changed || told === undefined || now - told >= SAME_AGAIN_MS) {
      await this.sink.machines([machine]);
      this.#told.set(machine.mac, now);
    }
    if (!isKnown) this.log.info({ mac: machine.mac, model: machine.model }, 'a new machine was discovered');
    return { pollSeconds: POLL_SECONDS };
  }
}
