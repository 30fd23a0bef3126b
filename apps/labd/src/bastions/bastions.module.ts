import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { BastionsController } from './bastions.controller.js';
import { BastionsRepository } from './bastions.repository.js';
import { EnrolmentController } from './enrolment.controller.js';
import { EnrolmentRepository } from './enrolment.repository.js';
import { EnrolmentService } from './enrolment.service.js';
import { JoinTokensController } from './join-tokens.controller.js';
import { JoinTokensRepository } from './join-tokens.repository.js';

@Module({
  imports: [AuditModule],
  controllers: [EnrolmentController, BastionsController, JoinTokensController],
  providers: [BastionsRepository, EnrolmentRepository, EnrolmentService, JoinTokensRepository],
})
export class BastionsModule {}
