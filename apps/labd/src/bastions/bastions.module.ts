import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { ServersModule } from '../servers/servers.module.js';
import { BastionConditions } from './bastion-conditions.repository.js';
import { UnconfirmedServers } from './unconfirmed-servers.service.js';
import { BastionsController } from './bastions.controller.js';
import { BastionsRepository } from './bastions.repository.js';
import { EnrolmentController } from './enrolment.controller.js';
import { EnrolmentRepository } from './enrolment.repository.js';
import { EnrolmentService } from './enrolment.service.js';
import { JoinTokensController } from './join-tokens.controller.js';
import { JoinTokensRepository } from './join-tokens.repository.js';

@Module({
  imports: [AuditModule, ServersModule],
  controllers: [EnrolmentController, BastionsController, JoinTokensController],
  providers: [
    BastionConditions,
    UnconfirmedServers,
    BastionsRepository,
    EnrolmentRepository,
    EnrolmentService,
    JoinTokensRepository,
  ],
  exports: [BastionConditions, EnrolmentRepository, UnconfirmedServers],
})
export class BastionsModule {}
