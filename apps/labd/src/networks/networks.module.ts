import { Module } from '@nestjs/common';
import { ServersModule } from '../servers/servers.module.js';
import { NetworkAddressesQuery } from './network-addresses.query.js';
import { NetworkReports } from './network-reports.repository.js';
import { NetworksController } from './networks.controller.js';
import { NetworksRepository } from './networks.repository.js';
import { ServingBastion } from './serving-bastion.repository.js';

@Module({
  imports: [ServersModule],
  controllers: [NetworksController],
  providers: [NetworksRepository, NetworkAddressesQuery, NetworkReports, ServingBastion],
  exports: [NetworkReports],
})
export class NetworksModule {}
