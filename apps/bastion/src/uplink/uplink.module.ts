import { Module } from '@nestjs/common';
import { BASTION_CONFIG, type BastionConfig } from '../config.js';
import type { Clock } from '@lab/domain';
import { CLOCK } from '../clock.js';
import { Damage } from '../storage/damage.js';
import { FACT_SINK, type FactSink } from './fact-sink.js';
import { HeardInstalls } from './heard-installs.js';
import { SpooledSink } from './spooled-sink.js';
import { openSpools, type Spools } from './spools.js';

/** The spools towards labd. */
export const SPOOLS = Symbol('Spools');

@Module({
  providers: [
    { provide: HeardInstalls, inject: [CLOCK], useFactory: (clock: Clock) => new HeardInstalls(clock) },
    {
      provide: SPOOLS,
      inject: [BASTION_CONFIG, Damage],
      useFactory: (config: BastionConfig, damage: Damage) => openSpools(config.folder, damage),
    },
    {
      provide: FACT_SINK,
      inject: [SPOOLS],
      useFactory: (spools: Spools): FactSink => new SpooledSink(spools.facts, spools.logs),
    },
  ],
  exports: [SPOOLS, FACT_SINK, HeardInstalls],
})
export class UplinkModule {}
