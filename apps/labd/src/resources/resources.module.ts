import { Global, Module } from '@nestjs/common';
import { ApplyController } from './apply.controller.js';
import { ApplyService } from './apply.service.js';
import { AuditModule } from '../audit/audit.module.js';
import { ResourceRegistry } from './resource-registry.js';
import { ResourceQuery } from './resource.query.js';
import { ResourceService } from './resource.service.js';
import { ResourceWriter } from './resource-writer.js';
import { ResourcesController } from './resources.controller.js';

@Global()
@Module({
  imports: [AuditModule],
  controllers: [ResourcesController, ApplyController],
  providers: [ResourceRegistry, ResourceQuery, ResourceService, ResourceWriter, ApplyService],
  exports: [ResourceRegistry, ResourceQuery, ResourceService, ResourceWriter],
})
export class ResourcesModule {}
