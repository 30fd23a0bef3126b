import { transition, type Clock, type ServerPhase } from '@lab/domain';
import type { Database } from '@lab/database';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AuditTrail } from '../../../audit/audit-trail.repository.js';
import { Changes } from '../../../feed/changes.notifier.js';
import { CLOCK, DATABASE } from '../../../injection-tokens.js';
import { ServerChanges } from '../../../servers/server-changes.repository.js';
import { ServerReferenceQuery } from '../../../servers/server-reference.query.js';
import { InstallEndRepository } from '../../install-end.repository.js';
import { InstallQueue, UNDER_THE_SERVERS_LOCK } from '../../install-queue.repository.js';
import { illegalTransition } from '../../provisioning.errors.js';
import { CancelInstall } from './cancel-install.command.js';

@CommandHandler(CancelInstall)
export class CancelInstallHandler implements ICommandHandler<CancelInstall> {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly references: ServerReferenceQuery,
    private readonly queue: InstallQueue,
    private readonly ends: InstallEndRepository,
    private readonly audit: AuditTrail,
    private readonly serverChanges: ServerChanges,
    private readonly changes: Changes,
  ) {}

  async execute({ caller, reference }: CancelInstall): Promise<string> {
    const now = new Date(this.clock.now());
    const { server, install } = await this.database.transaction(async (tx) => {
      const { id } = await this.references.resolve(reference, caller, 'write', tx);
      const state = await this.queue.load(tx, id, reference);
      const { server, install, position } = state;
      // The CHECK constraint of the column holds exactly these values.
      const phaseBefore = (install?.phaseBefore ?? 'discovered') as ServerPhase;
      const move = transition(position, 'cancel', { phaseBefore });
      if (!move.accepted) {
        const hint = 'There is nothing to cancel. See its state with: labctl describe server';
        throw illegalTransition(server.name, { ...move, hint });
      }
      if (install === null) throw new Error(`server ${server.id} is provisioning without an install`);
      const phase = move.phase ?? phaseBefore;
      await this.ends.cancel(tx, server, install, phase, now);
      await this.audit.record(tx, [
        {
          at: now,
          actor: `user:${caller.username}`,
          action: 'cancel',
          kind: 'Server',
          resourceId: server.id,
          resourceName: server.name,
          cloud: server.cloud,
          environment: server.environment,
          before: {
            phase: server.phase,
            version: server.version,
            install: { id: install.id, state: install.state },
          },
          after: { phase, version: server.version + 1, install: { id: install.id, state: 'cancelled' } },
          requestId: caller.requestId,
          source: caller.address,
        },
      ]);
      await this.serverChanges.record(tx, [{ type: 'modified', id }], now);
      return { server, install };
    }, UNDER_THE_SERVERS_LOCK);
    this.changes.serversChanged(server.bastionId === null ? [] : [server.bastionId]);
    this.changes.installsChanged([install.id]);
    return server.id;
  }
}
