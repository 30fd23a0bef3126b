import { Command } from '@nestjs/cqrs';
import type { Caller } from '../../../auth/caller.js';
import type { OrderedServer } from '../../ordered-server.js';

/** Delete a server with its installs. Answers what it was. */
export class ForgetServer extends Command<OrderedServer> {
  constructor(
    readonly caller: Caller,
    readonly reference: string,
    readonly dryRun: boolean,
  ) {
    super();
  }
}
