import { Module } from '@nestjs/common';
import type { Clock } from '@lab/domain';
import { CLOCK } from '../clock.js';
import { BASTION_CONFIG, type BastionConfig } from '../config.js';
import { OPERATOR_TOKEN_HASH, OperatorGuard } from '../http/operator.guard.js';
import { keptSecret } from '../http/secret-file.js';
import { BASTION_LOG, type BastionLog } from '../logger.js';
import { MachineClaims } from '../machines/machine-claims.js';
import { arpNeighbours } from '../machines/neighbours.js';
import { MachinesModule } from '../machines/machines.module.js';
import { PlanStore } from '../machines/plan.store.js';
import { Damage } from '../storage/damage.js';
import { FACT_SINK, type FactSink } from '../uplink/fact-sink.js';
import { HeardInstalls } from '../uplink/heard-installs.js';
import type { Spools } from '../uplink/spools.js';
import { SPOOLS, UplinkModule } from '../uplink/uplink.module.js';
import { BootWatch } from './boot-watch.js';
import { CancelledInstalls } from './cancelled-installs.js';
import { FollowerRegistry } from './follower-registry.js';
import { InstallFeed } from './install-feed.js';
import { InstallLogBuffer } from './install-log-buffer.js';
import { InstallBoots } from './install-boots.js';
import { InstallGate } from './install-gate.js';
import { InstallWriter } from './install-writer.js';
import { InstallLogsController } from './install-logs.controller.js';
import { InstallService } from './install.service.js';
import { InstallStore } from './install.store.js';
import { LogController } from './log.controller.js';
import { ProgressController } from './progress.controller.js';
import { hashToken } from './tokens.js';

async function openLogBuffer(
  store: InstallStore,
  sink: FactSink,
  feed: InstallFeed,
  log: BastionLog,
  spools: Spools,
  damage: Damage,
): Promise<InstallLogBuffer> {
  const buffer = new InstallLogBuffer({
    sink,
    folderOf: (installId) => store.folderOf(installId),
    added: (installId) => feed.wake(store.get(installId)?.macs ?? []),
    damage,
    fileFailed: (installId, error) => log.error({ installId, err: error }, 'log lines are not in their file'),
  });
  for (const batch of spools.spooledLines.splice(0)) {
    if (store.get(batch.installId) !== undefined) await buffer.restore(batch);
  }
  return buffer;
}

@Module({
  imports: [MachinesModule, UplinkModule],
  controllers: [ProgressController, LogController, InstallLogsController],
  providers: [
    InstallFeed,
    OperatorGuard,
    {
      provide: OPERATOR_TOKEN_HASH,
      inject: [BASTION_CONFIG, Damage],
      useFactory: async (config: BastionConfig, damage: Damage) =>
        hashToken(await keptSecret(config.folder, 'operator-token', damage)),
    },
    {
      provide: InstallStore,
      inject: [BASTION_CONFIG, Damage],
      useFactory: (config: BastionConfig, damage: Damage) =>
        InstallStore.open(config.folder, { bytes: config.keepBytes }, damage),
    },
    {
      provide: InstallLogBuffer,
      inject: [InstallStore, FACT_SINK, InstallFeed, BASTION_LOG, SPOOLS, Damage],
      useFactory: openLogBuffer,
    },
    {
      provide: FollowerRegistry,
      inject: [InstallLogBuffer, InstallFeed, BASTION_LOG],
      useFactory: (logs: InstallLogBuffer, feed: InstallFeed, log: BastionLog) =>
        new FollowerRegistry(logs, feed, log),
    },
    {
      provide: CancelledInstalls,
      inject: [InstallStore, FACT_SINK, InstallLogBuffer, CLOCK],
      useFactory: (store: InstallStore, sink: FactSink, logs: InstallLogBuffer, clock: Clock) =>
        new CancelledInstalls({ store, sink, logs, clock }),
    },
    {
      provide: InstallWriter,
      inject: [InstallStore, InstallLogBuffer, FACT_SINK, InstallFeed, CLOCK, BASTION_LOG],
      useFactory: (
        store: InstallStore,
        logs: InstallLogBuffer,
        sink: FactSink,
        feed: InstallFeed,
        clock: Clock,
        log: BastionLog,
      ) => new InstallWriter({ store, logs, sink, feed, clock, log }),
    },
    {
      provide: BootWatch,
      inject: [BASTION_CONFIG, InstallStore, InstallWriter, CLOCK],
      useFactory: (
        { bootPatienceMs }: BastionConfig,
        store: InstallStore,
        writer: InstallWriter,
        clock: Clock,
      ) => new BootWatch({ store, writer, clock, patienceMs: bootPatienceMs }),
    },
    {
      provide: InstallGate,
      inject: [BASTION_CONFIG, InstallStore, InstallWriter, MachineClaims, CLOCK, BASTION_LOG],
      useFactory: (
        { silenceMs }: BastionConfig,
        store: InstallStore,
        writer: InstallWriter,
        claims: MachineClaims,
        clock: Clock,
        log: BastionLog,
      ) => new InstallGate({ store, writer, claims, neighbours: arpNeighbours, clock, log, silenceMs }),
    },
    {
      provide: InstallBoots,
      inject: [
        BASTION_CONFIG,
        InstallStore,
        InstallWriter,
        InstallGate,
        PlanStore,
        HeardInstalls,
        CLOCK,
        Damage,
      ],
      useFactory: async (
        config: BastionConfig,
        store: InstallStore,
        writer: InstallWriter,
        gate: InstallGate,
        plans: PlanStore,
        heard: HeardInstalls,
        clock: Clock,
        damage: Damage,
      ) => {
        const tokenKey = await keptSecret(config.folder, 'token-key', damage);
        return new InstallBoots({ store, writer, gate, plans, heard, tokenKey, now: () => clock.now() });
      },
    },
    {
      provide: InstallService,
      inject: [InstallStore, InstallWriter, InstallGate, InstallFeed, PlanStore, HeardInstalls, CLOCK],
      useFactory: (
        store: InstallStore,
        writer: InstallWriter,
        gate: InstallGate,
        feed: InstallFeed,
        plans: PlanStore,
        heard: HeardInstalls,
        clock: Clock,
      ) => new InstallService({ store, writer, gate, feed, plans, heard, clock }),
    },
  ],
  exports: [
    BootWatch,
    InstallBoots,
    InstallService,
    InstallStore,
    InstallWriter,
    InstallLogBuffer,
    FollowerRegistry,
  ],
})
export class InstallsModule {}
