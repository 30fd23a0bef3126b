import { Command } from '@nestjs/cqrs';
import type { SpooledFact, StreamName } from '@lab/protocol';
import type { ReportingBastion } from '../../../servers/machine-registry.js';

/** Commit facts of one stream of a bastion, in their order, along with the position of the last one. */
export class RecordFacts extends Command<void> {
  constructor(
    readonly bastion: ReportingBastion,
    readonly stream: StreamName,
    readonly epoch: string,
    readonly facts: readonly SpooledFact[],
  ) {
    super();
  }
}
