import type { Intent } from '@lab/domain';
import type { Database, TransactionClient } from '@lab/database';
import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { DATABASE } from '../injection-tokens.js';
import { resolveReference } from '../resources/resource-reference.query.js';
import type { ResourceRef } from '../resources/resource.js';
import { ServersRepository } from './servers.repository.js';

/** Finds the server that a person means, and whether they may do that with it. */
@Injectable()
export class ServerReferenceQuery {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly servers: ServersRepository,
  ) {}

  resolve(
    reference: string,
    caller: Caller,
    intent: Intent,
    tx: TransactionClient = this.database.client,
  ): Promise<ResourceRef> {
    return resolveReference(tx, this.servers, reference, caller, intent);
  }
}
