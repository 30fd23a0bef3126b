import { Module } from '@nestjs/common';
import type { Clock } from '@lab/domain';
import { CLOCK } from '../clock.js';
import { BASTION_CONFIG, type BastionConfig } from '../config.js';
import { InstallStore } from '../installs/install.store.js';
import { InstallWriter } from '../installs/install-writer.js';
import { InstallsModule } from '../installs/installs.module.js';
import { BASTION_LOG, type BastionLog } from '../logger.js';
import { MachinesModule } from '../machines/machines.module.js';
import { arpNeighbours } from '../machines/neighbours.js';
import { PlanStore } from '../machines/plan.store.js';
import { DhcpFindings } from './dhcp-findings.js';
import { DhcpService } from './dhcp.service.js';
import { parseDnsmasqLine } from './dnsmasq-log.js';
import { InstallNetbootLog } from './install-netboot-log.js';
import { localInterfaces } from './local-interfaces.js';
import { NetbootJournal } from './netboot-journal.js';
import { NetbootNarrator } from './netboot-narrator.js';
import { NetworksStore } from './networks.store.js';

function makeService(
  config: BastionConfig,
  networks: NetworksStore,
  journal: NetbootJournal,
  findings: DhcpFindings,
  clock: Clock,
  log: BastionLog,
): DhcpService {
  const narrator = new NetbootNarrator({
    add: (mac, event) => journal.add(mac, event),
    finding: (text) => findings.add(text),
    neighbours: arpNeighbours,
  });
  return new DhcpService({
    ...{ config, networks, clock, log },
    interfaces: localInterfaces,
    onLine: (line) => {
      const parsed = parseDnsmasqLine(line);
      if (parsed !== null) narrator.take(parsed);
      // `log-dhcp` tells twenty lines of each exchange: those that say nothing are for whoever looks closely.
      const level = parsed === null || parsed.kind === 'detail' ? 'debug' : 'info';
      log[level]({ dnsmasq: line }, 'dnsmasq');
    },
  });
}

@Module({
  imports: [MachinesModule, InstallsModule],
  providers: [
    { provide: DhcpFindings, inject: [CLOCK], useFactory: (clock: Clock) => new DhcpFindings(clock) },
    {
      provide: NetworksStore,
      inject: [BASTION_CONFIG, BASTION_LOG],
      useFactory: (config: BastionConfig, log: BastionLog) => NetworksStore.open(config.folder, log),
    },
    {
      provide: NetbootJournal,
      inject: [PlanStore, InstallStore, InstallWriter, CLOCK, BASTION_LOG],
      useFactory: (
        plans: PlanStore,
        store: InstallStore,
        writer: InstallWriter,
        clock: Clock,
        log: BastionLog,
      ) => {
        const journal = new NetbootJournal({ isKnown: (mac) => plans.find(mac) !== undefined, clock });
        const installLog = new InstallNetbootLog({ plans, store, writer, clock, log });
        journal.onEvent((mac, event, count) => installLog.take(mac, event, count));
        return journal;
      },
    },
    {
      provide: DhcpService,
      inject: [BASTION_CONFIG, NetworksStore, NetbootJournal, DhcpFindings, CLOCK, BASTION_LOG],
      useFactory: makeService,
    },
  ],
  exports: [DhcpService, DhcpFindings, NetbootJournal, NetworksStore],
})
export class DhcpModule {}
