import type { Clock } from '@lab/domain';
import type { TransactionClient } from '@lab/database';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AuditTrail } from '../../../audit/audit-trail.repository.js';
import type { Caller } from '../../../auth/caller.js';
import { Changes } from '../../../feed/changes.notifier.js';
import { CLOCK } from '../../../injection-tokens.js';
import { ResourceService } from '../../../resources/resource.service.js';
import { adopted, checkAdoption } from '../../../servers/adoption.js';
import { IdentitySettler } from '../../../servers/identity-settler.js';
import type { MachineRecord } from '../../../servers/machine-record.js';
import { MachinesRepository } from '../../../servers/machines.repository.js';
import { NetworkMembership } from '../../../servers/network-membership.repository.js';
import type { ServerDto } from '../../../servers/server.dto.js';
import { ServerChanges } from '../../../servers/server-changes.repository.js';
import { ServerListQuery } from '../../../servers/server-list.query.js';
import { ServerReferenceQuery } from '../../../servers/server-reference.query.js';
import { noSuchServer } from '../../../servers/servers.errors.js';
import { UnconfirmedServersRepository } from '../../../servers/unconfirmed-servers.repository.js';
import { InstallEndRepository } from '../../install-end.repository.js';
import { InstallQueue } from '../../install-queue.repository.js';
import { AdoptServer } from './adopt-server.command.js';

@CommandHandler(AdoptServer)
export class AdoptServerHandler implements ICommandHandler<AdoptServer> {
  constructor(
    private readonly resources: ResourceService,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly references: ServerReferenceQuery,
    private readonly queue: InstallQueue,
    private readonly servers: ServerListQuery,
    private readonly machines: MachinesRepository,
    private readonly membership: NetworkMembership,
    private readonly settler: IdentitySettler,
    private readonly ends: InstallEndRepository,
    private readonly unconfirmed: UnconfirmedServersRepository,
    private readonly audit: AuditTrail,
    private readonly serverChanges: ServerChanges,
    private readonly changes: Changes,
  ) {}

  async execute({ caller, reference, request, dryRun }: AdoptServer): Promise<ServerDto> {
    const now = new Date(this.clock.now());
    const { server, bastionIds } = await this.resources.transaction(dryRun, async (tx) => {
      // What is taken over is changed; what it is taken from goes.
      const { id } = await this.references.resolve(reference, caller, 'write', tx);
      const { id: fromId } = await this.references.resolve(request.from, caller, 'destroy', tx);
      return this.#join(tx, caller, [id, reference], [fromId, request.from], request.force === true, now);
    });
    if (!dryRun) this.changes.serversChanged(bastionIds, [server.metadata.id]);
    return server;
  }

  async #join(
    tx: TransactionClient,
    caller: Caller,
    [id, reference]: [string, string],
    [fromId, fromReference]: [string, string],
    force: boolean,
    now: Date,
  ): Promise<{ server: ServerDto; bastionIds: string[] }> {
    // Always in one order: two that are joined both ways at once wait for each other, rather than for ever.
    const states = new Map(
      [
        await this.queue.load(tx, id < fromId ? id : fromId, id < fromId ? reference : fromReference),
        await this.queue.load(tx, id < fromId ? fromId : id, id < fromId ? fromReference : reference),
      ].map((state) => [state.server.id, state]),
    );
    const records = new Map(
      (await this.machines.byIds(tx, [id, fromId])).map((record) => [record.id, record]),
    );
    const shown = new Map(
      (await this.servers.byIds([id, fromId], tx)).map((server) => [server.metadata.id, server]),
    );
    const [old, from] = [records.get(id), records.get(fromId)];
    const [state, fromState] = [states.get(id), states.get(fromId)];
    const [before, gone] = [shown.get(id), shown.get(fromId)];
    if (old === undefined || state === undefined || before === undefined) throw noSuchServer(reference);
    if (from === undefined || fromState === undefined || gone === undefined)
      throw noSuchServer(fromReference);
    checkAdoption(
      { record: old, hasInstalls: state.install !== null, cluster: before.status.cluster?.name ?? null },
      { record: from, hasInstalls: fromState.install !== null, cluster: gone.status.cluster?.name ?? null },
      force,
    );
    const after = adopted(old, from);
    await this.ends.forget(tx, fromState.server);
    await this.machines.update(tx, [after], now);
    await this.unconfirmed.confirm(tx, [id], now);
    await this.membership.settleServers(tx, [id]);
    const restated = await this.settler.settle(tx, [old, from, after], now);

    const entry = (record: MachineRecord) => ({
      at: now,
      actor: `user:${caller.username}`,
      kind: 'Server' as const,
      resourceId: record.id,
      resourceName: record.name,
      cloud: record.cloud,
      environment: record.environment,
      requestId: caller.requestId,
      source: caller.address,
    });
    await this.audit.record(tx, [
      {
        ...entry(old),
        action: 'adopt',
        before: summaryOf(old),
        after: { ...summaryOf(after), from: { id: from.id, name: from.name }, force },
      },
      { ...entry(from), action: 'forget', before: { ...summaryOf(from), adoptedBy: old.name } },
    ]);
    const changed = new Set([id, ...restated]);
    await this.serverChanges.record(
      tx,
      [
        ...[...changed].map((changedId) => ({ type: 'modified' as const, id: changedId })),
        { type: 'deleted' as const, server: gone },
      ],
      now,
    );
    const released = old.bastionId !== null && old.bastionId !== after.bastionId ? [old.bastionId] : [];
    await this.serverChanges.releaseFrom(tx, released);
    const written = await this.servers.byIds([...changed], tx);
    const server = written.find(({ metadata }) => metadata.id === id);
    if (server === undefined) throw noSuchServer(reference);
    return {
      server,
      bastionIds: [...released, ...written.flatMap(({ status }) => status.bastion?.id ?? [])],
    };
  }
}

const summaryOf = ({ version, bastionId, hardware, nics, disks }: MachineRecord) => ({
  version,
  bastionId,
  hardware,
  macs: nics.map(({ mac }) => mac),
  disks: disks.map(({ name, serial, size_bytes: sizeBytes }) => ({ name, serial, sizeBytes })),
});
