import { Command } from '@nestjs/cqrs';
import type { Caller } from '../../../auth/caller.js';
import type { ServerDto } from '../../../servers/server.dto.js';

/** Delete a server with its installs. Answers what it was. */
export class ForgetServer extends Command<ServerDto> {
  constructor(
    readonly caller: Caller,
    readonly reference: string,
    readonly dryRun: boolean,
  ) {
    super();
  }
}
