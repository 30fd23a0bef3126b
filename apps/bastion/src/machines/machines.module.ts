import { Module } from '@nestjs/common';
import { BASTION_CONFIG, type BastionConfig } from '../config.js';
import { MachineClaims } from './machine-claims.js';
import { MachineStore } from './machine.store.js';
import { PlanStore } from './plan.store.js';

@Module({
  providers: [
    MachineClaims,
    {
      provide: MachineStore,
      inject: [BASTION_CONFIG, PlanStore],
      useFactory: (config: BastionConfig, plans: PlanStore) =>
        MachineStore.open(config.folder, {
          unconfirmed: config.limits.unconfirmedMachines,
          isConfirmed: (mac) => plans.isConfirmed(mac),
        }),
    },
    {
      provide: PlanStore,
      inject: [BASTION_CONFIG],
      useFactory: (config: BastionConfig) => PlanStore.open(config.folder),
    },
  ],
  exports: [MachineClaims, MachineStore, PlanStore],
})
export class MachinesModule {}
