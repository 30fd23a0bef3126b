import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { BastionsModule } from '../bastions/bastions.module.js';
import { StreamsRepository } from '../bastions/streams.repository.js';
import { ServersModule } from '../servers/servers.module.js';
import { AdoptServerHandler } from './commands/adopt-server/adopt-server.handler.js';
import { CancelInstallHandler } from './commands/cancel-install/cancel-install.handler.js';
import { ForgetServerHandler } from './commands/forget-server/forget-server.handler.js';
import { ProvisionServerHandler } from './commands/provision-server/provision-server.handler.js';
import { RecordFactsHandler } from './commands/record-facts/record-facts.handler.js';
import { RegisterMachineHandler } from './commands/register-machine/register-machine.handler.js';
import { ReprovisionServerHandler } from './commands/reprovision-server/reprovision-server.handler.js';
import { DiagnosisRepository } from './diagnosis.repository.js';
import { Diagnostician } from './diagnostician.js';
import { InstallEndRepository } from './install-end.repository.js';
import { InstallFollowService } from './install-follow.service.js';
import { InstallLogQuery } from './install-log.query.js';
import { InstallQuery } from './install.query.js';
import { InstallQueue } from './install-queue.repository.js';
import { InstallsController } from './installs.controller.js';
import { InstallsRepository } from './installs.repository.js';
import { InstallsService } from './installs.service.js';
import { LogLinesRepository } from './log-lines.repository.js';
import { LogRecorder } from './log-recorder.js';
import { ProgressRecorder } from './progress-recorder.js';
import { ProgressRepository } from './progress.repository.js';
import { UsualTimesQuery } from './usual-times.query.js';

@Module({
  imports: [AuditModule, BastionsModule, ServersModule],
  controllers: [InstallsController],
  providers: [
    ProvisionServerHandler,
    ReprovisionServerHandler,
    CancelInstallHandler,
    ForgetServerHandler,
    AdoptServerHandler,
    RegisterMachineHandler,
    RecordFactsHandler,
    ProgressRecorder,
    Diagnostician,
    DiagnosisRepository,
    ProgressRepository,
    LogRecorder,
    LogLinesRepository,
    StreamsRepository,
    InstallQueue,
    InstallEndRepository,
    InstallsService,
    InstallsRepository,
    InstallFollowService,
    InstallQuery,
    InstallLogQuery,
    UsualTimesQuery,
  ],
  exports: [Diagnostician, UsualTimesQuery],
})
export class ProvisioningModule {}
