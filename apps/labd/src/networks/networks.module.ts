import { Module } from '@nestjs/common';
import { ServersModule } from '../servers/servers.module.js';
import { NetworkMembership } from './network-membership.repository.js';
import { NetworksController } from './networks.controller.js';
import { NetworksRepository } from './networks.repository.js';

@Module({
  imports: [ServersModule],
  controllers: [NetworksController],
  providers: [NetworksRepository, NetworkMembership],
  exports: [NetworkMembership],
})
export class NetworksModule {}
