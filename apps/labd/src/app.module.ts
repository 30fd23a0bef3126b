import type { Clock } from '@lab/domain';
import type { Database } from '@lab/database';
import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import type { Logger } from 'pino';
import { AuditLogModule } from './audit/audit-log.module.js';
import { AuditModule } from './audit/audit.module.js';
import { AUDIT_KEY } from './audit/audit-trail.repository.js';
import { AuthModule } from './auth/auth.module.js';
import { BastionGatewayModule } from './bastion-gateway/bastion-gateway.module.js';
import { BastionsModule } from './bastions/bastions.module.js';
import { ClustersModule } from './clusters/clusters.module.js';
import { FeedModule } from './feed/feed.module.js';
import { HandoversModule } from './handovers/handovers.module.js';
import { HealthModule } from './health/health.module.js';
import { HousekeepingModule } from './housekeeping/housekeeping.module.js';
import { HttpModule } from './http/http.module.js';
import { ProblemFilter } from './http/problem.filter.js';
import { validationPipe } from './http/validation.js';
import { CLOCK, DATABASE, LOGGER, SETTINGS, type Settings } from './injection-tokens.js';
import { InstallSettingsModule } from './install-settings/install-settings.module.js';
import { NetbootModule } from './netboot/netboot.module.js';
import { NetworksModule } from './networks/networks.module.js';
import { OidcModule } from './oidc/oidc.module.js';
import { ProvisioningModule } from './provisioning/provisioning.module.js';
import { ResourcesModule } from './resources/resources.module.js';
import { ServersModule } from './servers/servers.module.js';
import { WatchModule } from './feed/watch.module.js';
import { WatchdogModule } from './watchdog/watchdog.module.js';
import { UsersModule } from './users/users.module.js';

/** What labd is made of that comes from outside: opened before it, closed after it. */
export interface LabdParts {
  database: Database;
  auditKey: Buffer;
  clock: Clock;
  logger: Logger;
  settings: Settings;
}

@Module({})
class PartsModule {
  static with(parts: LabdParts): DynamicModule {
    const providers = [
      { provide: DATABASE, useValue: parts.database },
      { provide: AUDIT_KEY, useValue: parts.auditKey },
      { provide: CLOCK, useValue: parts.clock },
      { provide: LOGGER, useValue: parts.logger },
      { provide: SETTINGS, useValue: parts.settings },
    ];
    return { module: PartsModule, global: true, providers, exports: providers };
  }
}

@Module({})
export class LabdModule {
  static with(parts: LabdParts): DynamicModule {
    return {
      module: LabdModule,
      imports: [
        PartsModule.with(parts),
        CqrsModule.forRoot(),
        HttpModule,
        FeedModule,
        AuditModule,
        AuthModule,
        ServersModule,
        NetworksModule,
        NetbootModule,
        InstallSettingsModule,
        ClustersModule,
        UsersModule,
        OidcModule,
        WatchModule,
        AuditLogModule,
        ProvisioningModule,
        BastionsModule,
        HandoversModule,
        BastionGatewayModule,
        ResourcesModule,
        HealthModule,
        HousekeepingModule,
        WatchdogModule,
      ],
      providers: [
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_PIPE, useFactory: validationPipe },
      ],
    };
  }
}
