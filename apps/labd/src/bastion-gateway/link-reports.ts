import type { Clock } from '@lab/domain';
import type { BastionStatus, Inventory, LabdSessionOptions, Netboot, NetworkLeases } from '@lab/protocol';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { CLOCK } from '../injection-tokens.js';
import { NetbootMachines } from '../netboot/netboot-machines.repository.js';
import { NetworkReports } from '../networks/network-reports.repository.js';
import { storable } from '../provisioning/storable.js';
import type { ReportingBastion } from '../servers/machine-registry.js';
import { BastionStatusRepository } from './bastion-status.repository.js';
import { HeardRepository } from './heard.repository.js';
import { LatestByKey } from './latest-by-key.js';
import { LatestOnly } from './latest-only.js';
import { LinksRepository } from './links.repository.js';

/** Leases and events that may wait to be written: more than any site has at once, and little memory. */
const MOST_LEASES_WAITING = 50_000;
const MOST_EVENTS_WAITING = 20_000;

/** The link that reports come from. */
export interface ReportingLink {
  bastion: ReportingBastion;
  linkId: string;
  log: Logger;
  /** Shutting down waits for it. */
  tracked: <T>(work: Promise<T>) => Promise<T>;
}

type Handlers = Required<Pick<LabdSessionOptions, 'heard' | 'inventory' | 'status' | 'leases' | 'netboot'>>;

/** What a bastion tells beside its facts: states, of which only the newest counts. */
@Injectable()
export class LinkReports {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly links: LinksRepository,
    private readonly heard: HeardRepository,
    private readonly statuses: BastionStatusRepository,
    private readonly networks: NetworkReports,
    private readonly netboot: NetbootMachines,
  ) {}

  /** `retry` goes on with what couldn't be written. */
  of({ bastion, linkId, log, tracked }: ReportingLink): { handlers: Handlers; retry: () => void } {
    const failed = (what: string) => (err: unknown) => {
      log.warn({ err }, `${what} could not be noted; it is tried again`);
    };
    let notingHeard = false;
    const offers = new LatestOnly<Inventory>(
      (inventory) => tracked(this.links.offers(bastion.id, linkId, inventory)),
      failed('what a bastion can install'),
    );
    const states = new LatestOnly<BastionStatus>(
      (status) => tracked(this.statuses.record(bastion, status, this.#now())),
      failed('the status of a bastion'),
    );
    const leases = new LatestByKey<NetworkLeases>({
      work: (reports) => tracked(this.networks.record(bastion.id, [...reports.values()], this.#now())),
      failed: failed('the leases in a network'),
      weightOf: (report) => report.leases.length + 1,
      most: MOST_LEASES_WAITING,
    });
    const machines = new LatestByKey<Netboot['machines'][number]>({
      work: (seen) => tracked(this.netboot.record(bastion.id, [...seen.values()], this.#now())),
      failed: failed('how machines netbooted'),
      weightOf: ({ events }) => events.length + 1,
      most: MOST_EVENTS_WAITING,
    });
    return {
      handlers: {
        heard: ({ installs }) => {
          // One at a time, however fast they come: the next heartbeat makes up for one that is left out.
          if (notingHeard) return;
          notingHeard = true;
          tracked(this.heard.record(bastion.id, installs, this.#now()))
            .catch((err: unknown) => {
              log.warn({ err }, 'whom a bastion has heard of could not be noted');
            })
            .finally(() => {
              notingHeard = false;
            });
        },
        inventory: (inventory) => {
          offers.take(storable(inventory));
        },
        status: (status) => {
          states.take(storable(status));
        },
        leases: (report) => {
          leases.take(report.networkId, storable(report));
        },
        netboot: (told) => {
          for (const machine of storable(told).machines) machines.take(machine.mac, machine);
        },
      },
      retry: () => {
        states.retry();
        leases.retry();
        machines.retry();
      },
    };
  }

  #now(): Date {
    return new Date(this.clock.now());
  }
}
