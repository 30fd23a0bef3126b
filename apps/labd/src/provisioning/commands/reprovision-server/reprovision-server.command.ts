import { Command } from '@nestjs/cqrs';
import type { Caller } from '../../../auth/caller.js';
import type { ReprovisionDto } from '../../provision.dto.js';
import type { OrderedServer } from '../../ordered-server.js';

/** Queue another install of a server that has or had one; what isn't said is as in the last. Answers what it comes to. */
export class ReprovisionServer extends Command<OrderedServer> {
  constructor(
    readonly caller: Caller,
    readonly reference: string,
    readonly request: ReprovisionDto,
    readonly dryRun: boolean,
  ) {
    super();
  }
}
