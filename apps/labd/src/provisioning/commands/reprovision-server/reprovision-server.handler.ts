import type { Clock } from '@lab/domain';
import type { Database } from '@lab/database';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Changes } from '../../../feed/changes.notifier.js';
import { CLOCK, DATABASE } from '../../../injection-tokens.js';
import { ServerReferenceQuery } from '../../../servers/server-reference.query.js';
import { diskRule } from '../../disk-rule.js';
import { orderedKeys } from '../../install-parameters.js';
import { retryUniqueRace } from '../../../unique-race.js';
import {
  InstallQueue,
  LAYOUT_OF_ROLE,
  UNDER_THE_SERVERS_LOCK,
  type ServerState,
} from '../../install-queue.repository.js';
import { serverRole } from '../../provisioning.errors.js';
import { ReprovisionServer } from './reprovision-server.command.js';

@CommandHandler(ReprovisionServer)
export class ReprovisionServerHandler implements ICommandHandler<ReprovisionServer> {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly references: ServerReferenceQuery,
    private readonly queue: InstallQueue,
    private readonly changes: Changes,
  ) {}

  async execute({ caller, reference, request }: ReprovisionServer): Promise<string> {
    const now = new Date(this.clock.now());
    const queued = () =>
      this.database.transaction(async (tx) => {
        const { id } = await this.references.resolve(reference, caller, 'write', tx);
        const state = await this.queue.load(tx, id, reference);
        await this.queue.queue(tx, state, 'reprovision', orderLikeTheLast(state, request), caller, now);
        return state.server;
      }, UNDER_THE_SERVERS_LOCK);
    const server = await retryUniqueRace(queued);
    this.changes.serversChanged(server.bastionId === null ? [] : [server.bastionId]);
    return server.id;
  }
}

/** Whoever says "reprovision" means the disk to be erased. A server without an install is refused by the life cycle. */
function orderLikeTheLast({ server, install }: ServerState, request: ReprovisionServer['request']) {
  const role = request.role ?? install?.role;
  return {
    profile: request.profile ?? install?.profile ?? '',
    role: role === undefined ? ('worker' as const) : serverRole(role),
    hostname: request.hostname ?? server.name,
    disk: request.disk ?? diskRule(install?.diskRule),
    allowErase: true,
    layout: request.layout ?? install?.layout ?? LAYOUT_OF_ROLE,
    sshKeys: request.sshKeys ?? orderedKeys(install?.parameters),
  };
}
