import { Module } from '@nestjs/common';
import { BASTION_CONFIG, type BastionConfig } from '../config.js';
import { MachineStore } from './machine.store.js';
import { PlanStore } from './plan.store.js';

@Module({
  providers: [
    {
      provide: MachineStore,
      inject: [BASTION_CONFIG],
      useFactory: (config: BastionConfig) => MachineStore.open(config.folder),
    },
    {
      provide: PlanStore,
      inject: [BASTION_CONFIG],
      useFactory: (config: BastionConfig) => PlanStore.open(config.folder),
    },
  ],
  exports: [MachineStore, PlanStore],
})
export class MachinesModule {}
