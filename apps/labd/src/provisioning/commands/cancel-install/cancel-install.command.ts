import { Command } from '@nestjs/cqrs';
import type { Caller } from '../../../auth/caller.js';

/** Cancel the install that is under way on a server. Answers the server's ID. */
export class CancelInstall extends Command<string> {
  constructor(
    readonly caller: Caller,
    readonly reference: string,
  ) {
    super();
  }
}
