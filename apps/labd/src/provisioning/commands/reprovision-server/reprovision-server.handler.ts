import type { Clock } from '@lab/domain';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Changes } from '../../../feed/changes.notifier.js';
import { CLOCK } from '../../../injection-tokens.js';
import { ResourceService } from '../../../resources/resource.service.js';
import { ServerListQuery } from '../../../servers/server-list.query.js';
import { ServerReferenceQuery } from '../../../servers/server-reference.query.js';
import { noSuchServer } from '../../../servers/servers.errors.js';
import { diskRule } from '../../disk-rule.js';
import { orderedKeys } from '../../install-parameters.js';
import {
  InstallQueue,
  LAYOUT_OF_ROLE,
  UNDER_THE_SERVERS_LOCK,
  type ServerState,
} from '../../install-queue.repository.js';
import type { OrderedServer } from '../../ordered-server.js';
import { serverRole } from '../../provisioning.errors.js';
import { ReprovisionServer } from './reprovision-server.command.js';

@CommandHandler(ReprovisionServer)
export class ReprovisionServerHandler implements ICommandHandler<ReprovisionServer> {
  constructor(
    private readonly resources: ResourceService,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly references: ServerReferenceQuery,
    private readonly queue: InstallQueue,
    private readonly servers: ServerListQuery,
    private readonly changes: Changes,
  ) {}

  async execute({ caller, reference, request, dryRun }: ReprovisionServer): Promise<OrderedServer> {
    const now = new Date(this.clock.now());
    const ordered = await this.resources.transaction(
      dryRun,
      async (tx) => {
        const { id } = await this.references.resolve(reference, caller, 'write', tx);
        const state = await this.queue.load(tx, id, reference);
        const order = orderLikeTheLast(state, request);
        const accepted = await this.queue.queue(tx, state, 'reprovision', order, caller, now);
        const [server] = await this.servers.byIds([id], tx);
        if (server === undefined) throw noSuchServer(reference);
        return { ...accepted, server };
      },
      UNDER_THE_SERVERS_LOCK,
    );
    const { bastion } = ordered.server.status;
    if (!dryRun) this.changes.serversChanged(bastion === null ? [] : [bastion.id]);
    return ordered;
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
