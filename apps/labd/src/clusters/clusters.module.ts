import { Module } from '@nestjs/common';
import { ServersModule } from '../servers/servers.module.js';
import { ClusterMembers } from './cluster-members.repository.js';
import { ClustersController } from './clusters.controller.js';
import { ClustersRepository } from './clusters.repository.js';

@Module({
  imports: [ServersModule],
  controllers: [ClustersController],
  providers: [ClustersRepository, ClusterMembers],
})
export class ClustersModule {}
