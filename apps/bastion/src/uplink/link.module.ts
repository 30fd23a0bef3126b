import { Inject, Injectable, Module } from '@nestjs/common';
import type { Clock } from '@lab/domain';
import { CLOCK } from '../clock.js';
import { BASTION_CONFIG, type BastionConfig } from '../config.js';
import { DhcpFindings } from '../dhcp/dhcp-findings.js';
import { DhcpModule } from '../dhcp/dhcp.module.js';
import { DhcpService } from '../dhcp/dhcp.service.js';
import { NetbootJournal } from '../dhcp/netboot-journal.js';
import { NetworksStore } from '../dhcp/networks.store.js';
import { DiscoveryLimit } from '../discovery/discovery-limit.js';
import { DiscoveryModule } from '../discovery/discovery.module.js';
import { ConnectionGuard } from '../http/connection-guard.js';
import { InstallStore } from '../installs/install.store.js';
import { InstallsModule } from '../installs/installs.module.js';
import { BASTION_LOG, type BastionLog } from '../logger.js';
import { MachineStore } from '../machines/machine.store.js';
import { MachinesModule } from '../machines/machines.module.js';
import { PlanStore } from '../machines/plan.store.js';
import { BootAssets } from '../netboot/boot-assets.js';
import { NetbootModule } from '../netboot/netboot.module.js';
import { SOFTWARE_VERSION } from '../software-version.js';
import { bastionStatus } from '../status/bastion-status.js';
import { Damage } from '../storage/damage.js';
import { FACT_SINK, type FactSink } from './fact-sink.js';
import { HeardInstalls } from './heard-installs.js';
import { LinkClient, type LinkState } from './link.client.js';
import type { Spools } from './spools.js';
import { SPOOLS, UplinkModule } from './uplink.module.js';

/** The link with labd. */
@Injectable()
export class Link {
  readonly #client: LinkClient;

  constructor(
    @Inject(BASTION_CONFIG) config: BastionConfig,
    @Inject(SPOOLS) private readonly spools: Spools,
    @Inject(FACT_SINK) private readonly sink: FactSink,
    private readonly machines: MachineStore,
    plans: PlanStore,
    assets: BootAssets,
    heard: HeardInstalls,
    installs: InstallStore,
    discovery: DiscoveryLimit,
    connections: ConnectionGuard,
    dhcp: DhcpService,
    findings: DhcpFindings,
    networks: NetworksStore,
    journal: NetbootJournal,
    @Inject(CLOCK) clock: Clock,
    @Inject(BASTION_LOG) log: BastionLog,
    damage: Damage,
  ) {
    this.#client = new LinkClient({
      folder: config.folder,
      name: config.name,
      labd: config.labd,
      facts: spools.facts,
      logs: spools.logs,
      hello: () => ({
        softwareVersion: SOFTWARE_VERSION,
        planGeneration: plans.generation,
        url: assets.url,
      }),
      inventory: () => assets.inventory(),
      onPlan: (plan) => plans.take(plan),
      onNewEpoch: () => this.#tellAll(),
      onNetworks: (part) => networks.take(part),
      dhcp: { leases: () => dhcp.reports(), netboot: (since) => journal.since(since) },
      heard,
      status: () =>
        bastionStatus({
          ...{ limits: config.limits, discovery, machines, connections, installs, clock },
          ...{ dhcp, findings },
        }),
      clock,
      log,
      damage,
    });
  }

  get state(): { state: LinkState; since: number } {
    return this.#client.state;
  }

  async start(): Promise<void> {
    if (this.spools.facts.isNew) await this.#tellAll();
    this.#client.start();
  }

  async stop(): Promise<void> {
    await this.#client.stop();
  }

  /** labd knows nothing of a new epoch: every machine that was ever seen here is told again. */
  async #tellAll(): Promise<void> {
    await this.sink.machines(this.machines.all());
  }
}

@Module({
  imports: [UplinkModule, MachinesModule, DhcpModule, NetbootModule, InstallsModule, DiscoveryModule],
  providers: [Link],
  exports: [Link],
})
export class LinkModule {}
