import { Module } from '@nestjs/common';
import { MachinesModule } from '../machines/machines.module.js';
import { UplinkModule } from '../uplink/uplink.module.js';
import { DiscoveryController } from './discovery.controller.js';
import { DiscoveryService } from './discovery.service.js';

@Module({
  imports: [MachinesModule, UplinkModule],
  controllers: [DiscoveryController],
  providers: [DiscoveryService],
})
export class DiscoveryModule {}
