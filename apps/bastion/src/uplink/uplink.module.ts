import { Module } from '@nestjs/common';
import { BASTION_CONFIG, type BastionConfig } from '../config.js';
import { FACT_SINK, standaloneSink, type FactSink } from './fact-sink.js';
import { SpooledSink } from './spooled-sink.js';
import { openSpools, type Spools } from './spools.js';

/** The spools towards labd, or null for a bastion that stands alone. */
export const SPOOLS = Symbol('Spools');

@Module({
  providers: [
    {
      provide: SPOOLS,
      inject: [BASTION_CONFIG],
      useFactory: (config: BastionConfig) => (config.labd === null ? null : openSpools(config.folder)),
    },
    {
      provide: FACT_SINK,
      inject: [SPOOLS],
      useFactory: (spools: Spools | null): FactSink =>
        spools === null ? standaloneSink : new SpooledSink(spools.facts, spools.logs),
    },
  ],
  exports: [SPOOLS, FACT_SINK],
})
export class UplinkModule {}
