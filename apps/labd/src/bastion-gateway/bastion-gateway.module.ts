import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { BastionsModule } from '../bastions/bastions.module.js';
import { ServersModule } from '../servers/servers.module.js';
import { BastionStatusRepository } from './bastion-status.repository.js';
import { StreamsRepository } from '../bastions/streams.repository.js';
import { HeardRepository } from './heard.repository.js';
import { LinkGateway } from './link.gateway.js';
import { LinksRepository } from './links.repository.js';
import { PlanQuery } from './plan.query.js';

@Module({
  imports: [AuditModule, BastionsModule, ServersModule],
  providers: [
    BastionStatusRepository,
    LinkGateway,
    HeardRepository,
    LinksRepository,
    PlanQuery,
    StreamsRepository,
  ],
})
export class BastionGatewayModule {}
