import { Command } from '@nestjs/cqrs';
import type { Caller } from '../../../auth/caller.js';
import type { ReprovisionDto } from '../../provision.dto.js';

/** Queue another install of a server that has or had one; what isn't said is as in the last. Answers the server's ID. */
export class ReprovisionServer extends Command<string> {
  constructor(
    readonly caller: Caller,
    readonly reference: string,
    readonly request: ReprovisionDto,
  ) {
    super();
  }
}
