import { Module } from '@nestjs/common';
import { ProvisioningModule } from '../provisioning/provisioning.module.js';
import { ServersModule } from '../servers/servers.module.js';
import { Watchdog } from './watchdog.service.js';
import { WatchedInstalls } from './watched-installs.repository.js';

@Module({ imports: [ProvisioningModule, ServersModule], providers: [Watchdog, WatchedInstalls] })
export class WatchdogModule {}
