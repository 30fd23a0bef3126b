import type { Clock } from '@lab/domain';
import type { Database } from '@lab/database';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Changes } from '../../../feed/changes.notifier.js';
import { CLOCK, DATABASE } from '../../../injection-tokens.js';
import { ServerReferenceQuery } from '../../../servers/server-reference.query.js';
import { retryUniqueRace } from '../../../unique-race.js';
import { InstallQueue, LAYOUT_OF_ROLE, UNDER_THE_SERVERS_LOCK } from '../../install-queue.repository.js';
import { serverRole } from '../../provisioning.errors.js';
import { ProvisionServer } from './provision-server.command.js';

@CommandHandler(ProvisionServer)
export class ProvisionServerHandler implements ICommandHandler<ProvisionServer> {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly references: ServerReferenceQuery,
    private readonly queue: InstallQueue,
    private readonly changes: Changes,
  ) {}

  async execute({ caller, reference, request }: ProvisionServer): Promise<string> {
    const now = new Date(this.clock.now());
    const queued = () =>
      this.database.transaction(async (tx) => {
        const { id } = await this.references.resolve(reference, caller, 'write', tx);
        const role = serverRole(request.role);
        const state = await this.queue.load(tx, id, reference);
        const order = {
          profile: request.profile,
          role,
          hostname: request.hostname ?? state.server.name,
          disk: request.disk ?? {},
          allowErase: request.allowErase ?? false,
          layout: request.layout ?? LAYOUT_OF_ROLE,
          sshKeys: request.sshKeys ?? [],
        };
        await this.queue.queue(tx, state, 'provision', order, caller, now);
        return state.server;
      }, UNDER_THE_SERVERS_LOCK);
    const server = await retryUniqueRace(queued);
    this.changes.serversChanged(server.bastionId === null ? [] : [server.bastionId]);
    return server.id;
  }
}
