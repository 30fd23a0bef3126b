import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { BastionsModule } from '../bastions/bastions.module.js';
import { NetbootModule } from '../netboot/netboot.module.js';
import { NetworksModule } from '../networks/networks.module.js';
import { ServersModule } from '../servers/servers.module.js';
import { BastionStatusRepository } from './bastion-status.repository.js';
import { StreamsRepository } from '../bastions/streams.repository.js';
import { HeardRepository } from './heard.repository.js';
import { LinkGateway } from './link.gateway.js';
import { LinkReports } from './link-reports.js';
import { LinksRepository } from './links.repository.js';
import { PlanQuery } from './plan.query.js';
import { ServedNetworksQuery } from './served-networks.query.js';

@Module({
  imports: [AuditModule, BastionsModule, NetbootModule, NetworksModule, ServersModule],
  providers: [
    BastionStatusRepository,
    LinkGateway,
    LinkReports,
    HeardRepository,
    LinksRepository,
    PlanQuery,
    ServedNetworksQuery,
    StreamsRepository,
  ],
})
export class BastionGatewayModule {}
