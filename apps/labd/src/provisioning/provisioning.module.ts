import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { ServersModule } from '../servers/servers.module.js';
import { CancelInstallHandler } from './commands/cancel-install/cancel-install.handler.js';
import { ForgetServerHandler } from './commands/forget-server/forget-server.handler.js';
import { ProvisionServerHandler } from './commands/provision-server/provision-server.handler.js';
import { ReprovisionServerHandler } from './commands/reprovision-server/reprovision-server.handler.js';
import { InstallEndRepository } from './install-end.repository.js';
import { InstallFollowService } from './install-follow.service.js';
import { InstallLogQuery } from './install-log.query.js';
import { InstallQuery } from './install.query.js';
import { InstallQueue } from './install-queue.repository.js';
import { InstallsController } from './installs.controller.js';
import { InstallsService } from './installs.service.js';

@Module({
  imports: [AuditModule, ServersModule],
  controllers: [InstallsController],
  providers: [
    ProvisionServerHandler,
    ReprovisionServerHandler,
    CancelInstallHandler,
    ForgetServerHandler,
    InstallQueue,
    InstallEndRepository,
    InstallsService,
    InstallFollowService,
    InstallQuery,
    InstallLogQuery,
  ],
})
export class ProvisioningModule {}
