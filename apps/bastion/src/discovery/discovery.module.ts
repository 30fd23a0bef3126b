import { Module } from '@nestjs/common';
import type { Clock } from '@lab/domain';
import { CLOCK } from '../clock.js';
import { BASTION_CONFIG, type BastionConfig } from '../config.js';
import { InstallsModule } from '../installs/installs.module.js';
import { MachinesModule } from '../machines/machines.module.js';
import { UplinkModule } from '../uplink/uplink.module.js';
import { DiscoveryController } from './discovery.controller.js';
import { DiscoveryLimit } from './discovery-limit.js';
import { DiscoveryService } from './discovery.service.js';

@Module({
  imports: [MachinesModule, UplinkModule, InstallsModule],
  controllers: [DiscoveryController],
  providers: [
    DiscoveryService,
    {
      provide: DiscoveryLimit,
      inject: [BASTION_CONFIG, CLOCK],
      useFactory: (config: BastionConfig, clock: Clock) => new DiscoveryLimit(config.limits, clock),
    },
  ],
  exports: [DiscoveryService, DiscoveryLimit],
})
export class DiscoveryModule {}
