import { Command } from '@nestjs/cqrs';
import type { TransactionClient } from '@lab/database';
import type { ReportingBastion } from '../../../servers/machine-registry.js';
import type { ReportedMachine } from '../../../servers/reported-machine.js';
import type { ServerChange } from '../../../servers/server-changes.repository.js';

/** What registering machines has written. */
export interface Registered {
  changes: ServerChange[];
  /** Bastions that lost a server. */
  releasedFrom: readonly string[];
  /** Bastions whose servers were written. */
  bastionIds: readonly string[];
}

/** Make servers of the machines that a bastion saw, or bring them up to date: in the transaction of the facts that say so. */
export class RegisterMachine extends Command<Registered> {
  constructor(
    readonly tx: TransactionClient,
    readonly bastion: ReportingBastion,
    readonly machines: readonly ReportedMachine[],
    readonly now: Date,
  ) {
    super();
  }
}
