import { Module, type DynamicModule } from '@nestjs/common';
import type { Clock } from '@lab/domain';
import { AssetsModule } from './assets/assets.module.js';
import { CLOCK } from './clock.js';
import { BASTION_CONFIG, type BastionConfig } from './config.js';
import { DiscoveryModule } from './discovery/discovery.module.js';
import { ConnectionGuard } from './http/connection-guard.js';
import { HealthController } from './http/health.controller.js';
import { InstallsModule } from './installs/installs.module.js';
import { BASTION_LOG, type BastionLog } from './logger.js';
import { MachinesModule } from './machines/machines.module.js';
import { DhcpModule } from './dhcp/dhcp.module.js';
import { NetbootModule } from './netboot/netboot.module.js';
import { Damage } from './storage/damage.js';
import { LinkModule } from './uplink/link.module.js';

/** What every part may ask for. */
@Module({})
class SurroundingsModule {
  static of(config: BastionConfig, clock: Clock, log: BastionLog): DynamicModule {
    return {
      module: SurroundingsModule,
      global: true,
      providers: [
        { provide: BASTION_CONFIG, useValue: config },
        { provide: CLOCK, useValue: clock },
        { provide: BASTION_LOG, useValue: log },
        { provide: Damage, useValue: new Damage(log, clock) },
        { provide: ConnectionGuard, useValue: new ConnectionGuard(config.limits, clock) },
      ],
      exports: [BASTION_CONFIG, CLOCK, BASTION_LOG, ConnectionGuard, Damage],
    };
  }
}

@Module({})
export class AppModule {
  static of(config: BastionConfig, clock: Clock, log: BastionLog): DynamicModule {
    return {
      module: AppModule,
      imports: [
        SurroundingsModule.of(config, clock, log),
        MachinesModule,
        InstallsModule,
        DhcpModule,
        NetbootModule,
        DiscoveryModule,
        AssetsModule,
        LinkModule,
      ],
      controllers: [HealthController],
    };
  }
}
