import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { BastionListQuery } from './bastion-list.query.js';
import { BastionsController } from './bastions.controller.js';
import { BastionsRepository } from './bastions.repository.js';
import { EnrolmentService } from './enrolment.service.js';

@Module({
  imports: [AuditModule],
  controllers: [BastionsController],
  providers: [BastionListQuery, BastionsRepository, EnrolmentService],
})
export class BastionsModule {}
