import { Module } from '@nestjs/common';
import { ServerChanges } from './server-changes.repository.js';
import { ServerListQuery } from './server-list.query.js';
import { ServerReferenceQuery } from './server-reference.query.js';
import { ServersController } from './servers.controller.js';
import { ServersService } from './servers.service.js';

@Module({
  controllers: [ServersController],
  providers: [ServersService, ServerListQuery, ServerReferenceQuery, ServerChanges],
  exports: [ServerListQuery, ServerReferenceQuery, ServerChanges],
})
export class ServersModule {}
