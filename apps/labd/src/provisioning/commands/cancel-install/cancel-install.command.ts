import { Command } from '@nestjs/cqrs';
import type { Caller } from '../../../auth/caller.js';
import type { OrderedServer } from '../../ordered-server.js';

/** Cancel the install that is under way on a server. Answers what it comes to. */
export class CancelInstall extends Command<OrderedServer> {
  constructor(
    readonly caller: Caller,
    readonly reference: string,
    readonly dryRun: boolean,
  ) {
    super();
  }
}
