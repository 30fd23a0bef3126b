import { Module } from '@nestjs/common';
import { ServersModule } from '../servers/servers.module.js';
import { NetworksController } from './networks.controller.js';
import { NetworksRepository } from './networks.repository.js';

@Module({
  imports: [ServersModule],
  controllers: [NetworksController],
  providers: [NetworksRepository],
})
export class NetworksModule {}
