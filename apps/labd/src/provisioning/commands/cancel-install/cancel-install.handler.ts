import { mayHaveTouched, transition, type Clock, type ServerPhase } from '@lab/domain';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AuditTrail } from '../../../audit/audit-trail.repository.js';
import { Changes } from '../../../feed/changes.notifier.js';
import { CLOCK } from '../../../injection-tokens.js';
import { ResourceService } from '../../../resources/resource.service.js';
import { ServerChanges } from '../../../servers/server-changes.repository.js';
import { ServerListQuery } from '../../../servers/server-list.query.js';
import { ServerReferenceQuery } from '../../../servers/server-reference.query.js';
import { noSuchServer } from '../../../servers/servers.errors.js';
import { InstallEndRepository } from '../../install-end.repository.js';
import { InstallQueue, UNDER_THE_SERVERS_LOCK } from '../../install-queue.repository.js';
import { harmlessPlan } from '../../order-plan.js';
import type { OrderedServer } from '../../ordered-server.js';
import { illegalTransition } from '../../provisioning.errors.js';
import { CancelInstall } from './cancel-install.command.js';

@CommandHandler(CancelInstall)
export class CancelInstallHandler implements ICommandHandler<CancelInstall> {
  constructor(
    private readonly resources: ResourceService,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly references: ServerReferenceQuery,
    private readonly queue: InstallQueue,
    private readonly servers: ServerListQuery,
    private readonly ends: InstallEndRepository,
    private readonly audit: AuditTrail,
    private readonly serverChanges: ServerChanges,
    private readonly changes: Changes,
  ) {}

  async execute({ caller, reference, dryRun }: CancelInstall): Promise<OrderedServer> {
    const now = new Date(this.clock.now());
    const { ordered, install } = await this.resources.transaction(
      dryRun,
      async (tx) => {
        const { id } = await this.references.resolve(reference, caller, 'write', tx);
        const state = await this.queue.load(tx, id, reference);
        const { server, install, position } = state;
        // The CHECK constraint of the column holds exactly these values.
        const phaseBefore = (install?.phaseBefore ?? 'discovered') as ServerPhase;
        const touched = install === null || mayHaveTouched(install, now);
        const move = transition(position, 'cancel', { phaseBefore, touched });
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
        const [after] = await this.servers.byIds([id], tx);
        if (after === undefined) throw noSuchServer(reference);
        const why = reasonFor(phase, install.diskTouchedAt, touched);
        const plan = harmlessPlan('cancel', server.bastion, why, now);
        return { ordered: { server: after, warnings: [], plan }, install };
      },
      UNDER_THE_SERVERS_LOCK,
    );
    if (dryRun) return ordered;
    const { bastion } = ordered.server.status;
    this.changes.serversChanged(bastion === null ? [] : [bastion.id]);
    this.changes.installsChanged([install.id]);
    return ordered;
  }
}

function reasonFor(phase: ServerPhase, touchedAt: Date | null, touched: boolean): string {
  if (touchedAt !== null) {
    return `The disk was touched at ${touchedAt.toISOString()}: the server is ${phase}, and can be reprovisioned.`;
  }
  if (touched) {
    return `The machine has its kickstart and was not heard of since: its disk may be touched. The server is ${phase}, and can be reprovisioned.`;
  }
  const next = phase === 'installed' ? 'boots from its disk' : 'waits in discovery';
  return `The disk is untouched: the server is ${phase} again, and ${next}.`;
}
