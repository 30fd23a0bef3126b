import { transition, type Clock } from '@lab/domain';
import type { Database } from '@lab/database';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AuditTrail } from '../../../audit/audit-trail.repository.js';
import { Changes } from '../../../feed/changes.notifier.js';
import { CLOCK, DATABASE } from '../../../injection-tokens.js';
import { ServerChanges } from '../../../servers/server-changes.repository.js';
import { ServerListQuery } from '../../../servers/server-list.query.js';
import { ServerReferenceQuery } from '../../../servers/server-reference.query.js';
import { noSuchServer } from '../../../servers/servers.errors.js';
import { InstallEndRepository } from '../../install-end.repository.js';
import { InstallQueue } from '../../install-queue.repository.js';
import { illegalTransition } from '../../provisioning.errors.js';
import { ForgetServer } from './forget-server.command.js';

@CommandHandler(ForgetServer)
export class ForgetServerHandler implements ICommandHandler<ForgetServer> {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly references: ServerReferenceQuery,
    private readonly queue: InstallQueue,
    private readonly servers: ServerListQuery,
    private readonly ends: InstallEndRepository,
    private readonly audit: AuditTrail,
    private readonly serverChanges: ServerChanges,
    private readonly changes: Changes,
  ) {}

  async execute({ caller, reference }: ForgetServer): Promise<{ id: string; name: string }> {
    const now = new Date(this.clock.now());
    const server = await this.database.transaction(async (tx) => {
      const { id } = await this.references.resolve(reference, caller.grants, 'destroy', tx);
      const { server, position } = await this.queue.load(tx, id, reference);
      const move = transition(position, 'forget');
      if (!move.accepted) throw illegalTransition(server.name, move);
      const [resource] = await this.servers.byIds([id], tx);
      if (resource === undefined) throw noSuchServer(reference);
      await this.ends.forget(tx, server);
      await this.audit.record(tx, [
        {
          at: now,
          actor: `user:${caller.username}`,
          action: 'forget',
          kind: 'Server',
          resourceId: id,
          resourceName: server.name,
          cloud: server.cloud,
          environment: server.environment,
          before: {
            ...resource.metadata,
            spec: resource.spec,
            phase: server.phase,
            mac: resource.status.mac,
          },
          requestId: caller.requestId,
          source: caller.address,
        },
      ]);
      await this.serverChanges.record(tx, [{ type: 'deleted', server: resource }], now);
      return server;
    });
    this.changes.serversChanged(server.bastionId === null ? [] : [server.bastionId], [server.id]);
    return { id: server.id, name: server.name };
  }
}
