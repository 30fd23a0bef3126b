import { LabError, transition, type Clock } from '@lab/domain';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AuditTrail } from '../../../audit/audit-trail.repository.js';
import { Changes } from '../../../feed/changes.notifier.js';
import { CLOCK } from '../../../injection-tokens.js';
import { ResourceService } from '../../../resources/resource.service.js';
import { IdentitySettler } from '../../../servers/identity-settler.js';
import { MachinesRepository } from '../../../servers/machines.repository.js';
import { ServerChanges } from '../../../servers/server-changes.repository.js';
import { ServerListQuery } from '../../../servers/server-list.query.js';
import { ServerReferenceQuery } from '../../../servers/server-reference.query.js';
import { noSuchServer } from '../../../servers/servers.errors.js';
import { InstallEndRepository } from '../../install-end.repository.js';
import { InstallQueue } from '../../install-queue.repository.js';
import { harmlessPlan } from '../../order-plan.js';
import type { OrderedServer } from '../../ordered-server.js';
import { illegalTransition } from '../../provisioning.errors.js';
import { ForgetServer } from './forget-server.command.js';

@CommandHandler(ForgetServer)
export class ForgetServerHandler implements ICommandHandler<ForgetServer> {
  constructor(
    private readonly resources: ResourceService,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly references: ServerReferenceQuery,
    private readonly queue: InstallQueue,
    private readonly servers: ServerListQuery,
    private readonly ends: InstallEndRepository,
    private readonly machines: MachinesRepository,
    private readonly settler: IdentitySettler,
    private readonly audit: AuditTrail,
    private readonly serverChanges: ServerChanges,
    private readonly changes: Changes,
  ) {}

  async execute({ caller, reference, dryRun }: ForgetServer): Promise<OrderedServer> {
    const now = new Date(this.clock.now());
    const { forgotten, bastionIds } = await this.resources.transaction(dryRun, async (tx) => {
      const { id } = await this.references.resolve(reference, caller, 'destroy', tx);
      const { server, install, position } = await this.queue.load(tx, id, reference);
      const move = transition(position, 'forget');
      if (!move.accepted) throw illegalTransition(server.name, move);
      const [resource] = await this.servers.byIds([id], tx);
      if (resource === undefined) throw noSuchServer(reference);
      if (resource.status.cluster !== null) {
        throw new LabError(
          'in-use',
          `server/${server.name} is a member of cluster/${resource.status.cluster.name}`,
          {
            hint: 'Take it out of the cluster first.',
            details: { dependents: [`cluster/${resource.status.cluster.name}`] },
          },
        );
      }
      const records = await this.machines.byIds(tx, [id]);
      await this.ends.forget(tx, server);
      // What it shared with others is theirs alone now.
      const restated = await this.settler.settle(tx, records, now);
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
      await this.serverChanges.record(
        tx,
        [
          { type: 'deleted', server: resource },
          ...restated.map((changed) => ({ type: 'modified' as const, id: changed })),
        ],
        now,
      );
      const others = await this.servers.byIds(restated, tx);
      const installs = install?.attempt ?? 0;
      const why = `labd forgets it with ${installs === 1 ? '1 install and its log' : `${installs} installs and their logs`}. The machine and its disks are left alone.`;
      return {
        forgotten: {
          server: resource,
          warnings: [],
          plan: harmlessPlan('forget', server.bastion, why, now),
        },
        bastionIds: [resource, ...others].flatMap(({ status }) => status.bastion?.id ?? []),
      };
    });
    if (!dryRun) this.changes.serversChanged(bastionIds, [forgotten.server.metadata.id]);
    return forgotten;
  }
}
