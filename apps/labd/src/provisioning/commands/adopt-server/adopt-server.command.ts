import { Command } from '@nestjs/cqrs';
import type { Caller } from '../../../auth/caller.js';
import type { AdoptDto } from '../../provision.dto.js';
import type { ServerDto } from '../../../servers/server.dto.js';

/** A person's word that two records are of one machine: the server takes the machine of the other, which goes. */
export class AdoptServer extends Command<ServerDto> {
  constructor(
    readonly caller: Caller,
    readonly reference: string,
    readonly request: AdoptDto,
    readonly dryRun: boolean,
  ) {
    super();
  }
}
