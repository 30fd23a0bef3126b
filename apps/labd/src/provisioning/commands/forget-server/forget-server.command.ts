import { Command } from '@nestjs/cqrs';
import type { Caller } from '../../../auth/caller.js';

/** Delete a server with its installs. Answers which one it was. */
export class ForgetServer extends Command<{ id: string; name: string }> {
  constructor(
    readonly caller: Caller,
    readonly reference: string,
  ) {
    super();
  }
}
