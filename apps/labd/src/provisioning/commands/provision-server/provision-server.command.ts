import { Command } from '@nestjs/cqrs';
import type { Caller } from '../../../auth/caller.js';
import type { ProvisionDto } from '../../provision.dto.js';

/** Queue the install of a server. Answers the server's ID. */
export class ProvisionServer extends Command<string> {
  constructor(
    readonly caller: Caller,
    readonly reference: string,
    readonly request: ProvisionDto,
  ) {
    super();
  }
}
