import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { BastionsModule } from '../bastions/bastions.module.js';
import { ServersModule } from '../servers/servers.module.js';
import { HandoverConflicts } from './handover-conflicts.query.js';
import { HandoverRows } from './handover-rows.repository.js';
import { HandoversController } from './handovers.controller.js';
import { HandoversRepository } from './handovers.repository.js';
import { HandoversService } from './handovers.service.js';
import { ResourceFeed } from './resource-feed.query.js';

@Module({
  imports: [AuditModule, BastionsModule, ServersModule],
  controllers: [HandoversController],
  providers: [HandoversService, HandoversRepository, HandoverRows, HandoverConflicts, ResourceFeed],
})
export class HandoversModule {}
