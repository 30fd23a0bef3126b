import { Module } from '@nestjs/common';
import { DeclaredAddresses } from './declared-addresses.repository.js';
import { DeclaredNics } from './declared-nics.repository.js';
import { IdentitySettler } from './identity-settler.js';
import { MachinesRepository } from './machines.repository.js';
import { NetworkMembership } from './network-membership.repository.js';
import { ServerChanges } from './server-changes.repository.js';
import { ServerListQuery } from './server-list.query.js';
import { ServerReferenceQuery } from './server-reference.query.js';
import { ServersController } from './servers.controller.js';
import { UnconfirmedServersRepository } from './unconfirmed-servers.repository.js';
import { ServersRepository } from './servers.repository.js';

@Module({
  controllers: [ServersController],
  providers: [
    ServersRepository,
    DeclaredAddresses,
    DeclaredNics,
    NetworkMembership,
    ServerListQuery,
    ServerReferenceQuery,
    ServerChanges,
    UnconfirmedServersRepository,
    MachinesRepository,
    IdentitySettler,
  ],
  exports: [
    DeclaredAddresses,
    NetworkMembership,
    ServerListQuery,
    ServerReferenceQuery,
    ServerChanges,
    UnconfirmedServersRepository,
    MachinesRepository,
    IdentitySettler,
  ],
})
export class ServersModule {}
