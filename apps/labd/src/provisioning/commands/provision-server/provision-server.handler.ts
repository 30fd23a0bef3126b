import type { Clock } from '@lab/domain';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Changes } from '../../../feed/changes.notifier.js';
import { CLOCK } from '../../../injection-tokens.js';
import { ResourceService } from '../../../resources/resource.service.js';
import { ServerListQuery } from '../../../servers/server-list.query.js';
import { ServerReferenceQuery } from '../../../servers/server-reference.query.js';
import { noSuchServer } from '../../../servers/servers.errors.js';
import { InstallQueue, LAYOUT_OF_ROLE, UNDER_THE_SERVERS_LOCK } from '../../install-queue.repository.js';
import type { OrderedServer } from '../../ordered-server.js';
import { serverRole } from '../../provisioning.errors.js';
import { ProvisionServer } from './provision-server.command.js';

@CommandHandler(ProvisionServer)
export class ProvisionServerHandler implements ICommandHandler<ProvisionServer> {
  constructor(
    private readonly resources: ResourceService,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly references: ServerReferenceQuery,
    private readonly queue: InstallQueue,
    private readonly servers: ServerListQuery,
    private readonly changes: Changes,
  ) {}

  async execute({ caller, reference, request, dryRun }: ProvisionServer): Promise<OrderedServer> {
    const now = new Date(this.clock.now());
    const ordered = await this.resources.transaction(
      dryRun,
      async (tx) => {
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
        const accepted = await this.queue.queue(tx, state, 'provision', order, caller, now);
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
