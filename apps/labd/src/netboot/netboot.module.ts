import { Module } from '@nestjs/common';
import { ServersModule } from '../servers/servers.module.js';
import { NetbootController } from './netboot.controller.js';
import { NetbootMachines } from './netboot-machines.repository.js';
import { NetbootQuery } from './netboot.query.js';

@Module({
  imports: [ServersModule],
  controllers: [NetbootController],
  providers: [NetbootMachines, NetbootQuery],
  exports: [NetbootMachines],
})
export class NetbootModule {}
