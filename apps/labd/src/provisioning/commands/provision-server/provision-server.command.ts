import { Command } from '@nestjs/cqrs';
import type { Caller } from '../../../auth/caller.js';
import type { ProvisionDto } from '../../provision.dto.js';
import type { OrderedServer } from '../../ordered-server.js';

/** Queue the install of a server. Answers what it comes to. */
export class ProvisionServer extends Command<OrderedServer> {
  constructor(
    readonly caller: Caller,
    readonly reference: string,
    readonly request: ProvisionDto,
    readonly dryRun: boolean,
  ) {
    super();
  }
}
