import { Module } from '@nestjs/common';
import type { Clock } from '@lab/domain';
import { CLOCK } from '../clock.js';
import { BASTION_CONFIG, type BastionConfig } from '../config.js';
import { OPERATOR_TOKEN_HASH, OperatorGuard } from '../http/operator.guard.js';
import { keptSecret } from '../http/secret-file.js';
import { BASTION_LOG, type BastionLog } from '../logger.js';
import { MachinesModule } from '../machines/machines.module.js';
import { PlanStore } from '../machines/plan.store.js';
import { FACT_SINK, type FactSink } from '../uplink/fact-sink.js';
import { HeardInstalls } from '../uplink/heard-installs.js';
import type { Spools } from '../uplink/spools.js';
import { SPOOLS, UplinkModule } from '../uplink/uplink.module.js';
import { CancelledInstalls } from './cancelled-installs.js';
import { FollowerRegistry } from './follower-registry.js';
import { InstallFeed } from './install-feed.js';
import { InstallLogBuffer } from './install-log-buffer.js';
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
  spools: Spools | null,
): Promise<InstallLogBuffer> {
  const buffer = new InstallLogBuffer({
    sink,
    folderOf: (installId) => store.folderOf(installId),
    added: (installId) => feed.wake(store.get(installId)?.macs ?? []),
    fileFailed: (installId, error) => log.error({ installId, err: error }, 'log lines are not in their file'),
  });
  for (const batch of spools?.spooledLines.splice(0) ?? []) {
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
      inject: [BASTION_CONFIG],
      useFactory: async (config: BastionConfig) =>
        hashToken(await keptSecret(config.folder, 'operator-token')),
    },
    {
      provide: InstallStore,
      inject: [BASTION_CONFIG],
      useFactory: (config: BastionConfig) => InstallStore.open(config.folder, { bytes: config.keepBytes }),
    },
    {
      provide: InstallLogBuffer,
      inject: [InstallStore, FACT_SINK, InstallFeed, BASTION_LOG, SPOOLS],
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
      provide: InstallService,
      inject: [
        BASTION_CONFIG,
        InstallStore,
        InstallLogBuffer,
        FACT_SINK,
        InstallFeed,
        PlanStore,
        HeardInstalls,
        CLOCK,
        BASTION_LOG,
      ],
      useFactory: async (
        config: BastionConfig,
        store: InstallStore,
        logs: InstallLogBuffer,
        sink: FactSink,
        feed: InstallFeed,
        plans: PlanStore,
        heard: HeardInstalls,
        clock: Clock,
        log: BastionLog,
      ) => {
        const tokenKey = await keptSecret(config.folder, 'token-key');
        return new InstallService({ store, logs, sink, feed, plans, heard, clock, log, tokenKey });
      },
    },
  ],
  exports: [InstallService, InstallStore, InstallLogBuffer, FollowerRegistry],
})
export class InstallsModule {}
