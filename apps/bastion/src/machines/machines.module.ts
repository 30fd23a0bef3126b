import { Module } from '@nestjs/common';
import { BASTION_CONFIG, type BastionConfig } from '../config.js';
import { Damage } from '../storage/damage.js';
import { MachineClaims } from './machine-claims.js';
import { MachineStore } from './machine.store.js';
import { PlanStore } from './plan.store.js';

@Module({
  providers: [
    MachineClaims,
    {
      provide: MachineStore,
      inject: [BASTION_CONFIG, PlanStore, Damage],
      useFactory: (config: BastionConfig, plans: PlanStore, damage: Damage) =>
        MachineStore.open(
          config.folder,
          {
            unconfirmed: config.limits.unconfirmedMachines,
            isConfirmed: (mac) => plans.isConfirmed(mac),
          },
          damage,
        ),
    },
    {
      provide: PlanStore,
      inject: [BASTION_CONFIG, Damage],
      useFactory: (config: BastionConfig, damage: Damage) => PlanStore.open(config.folder, damage),
    },
  ],
  exports: [MachineClaims, MachineStore, PlanStore],
})
export class MachinesModule {}
