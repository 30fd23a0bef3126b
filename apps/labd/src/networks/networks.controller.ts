import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { RequireResource } from '../auth/access.decorators.js';
import { CurrentCaller, type Caller } from '../auth/caller.js';
import { ApiProblems } from '../http/problem.dto.js';
import { ApiRef, listOf, type ListOf } from '../resources/resource-api.js';
import { ResourceWriterController } from '../resources/resource.controller.js';
import { AddressPageQueryDto, NetworkLeaseDto, NetworkReservationDto } from './network-addresses.dto.js';
import { NetworkAddressesQuery } from './network-addresses.query.js';
import { NetworkDto, NetworkSpecDto } from './network.dto.js';

@Controller('api/v1/networks')
export class NetworksController extends ResourceWriterController('Network', NetworkDto, NetworkSpecDto) {
  constructor(private readonly addresses: NetworkAddressesQuery) {
    super();
  }

  @Get(':ref/leases')
  @RequireResource('read', 'Network')
  @ApiOperation({
    summary: 'The DHCP leases in a network, by address',
    operationId: 'listNetworkLeases',
  })
  @ApiRef('Network')
  @ApiOkResponse({ type: listOf(NetworkLeaseDto) })
  @ApiProblems(400, 401, 403, 404, 409)
  leases(
    @CurrentCaller() caller: Caller,
    @Param('ref') ref: string,
    @Query() query: AddressPageQueryDto,
  ): Promise<ListOf<NetworkLeaseDto>> {
    return this.addresses.leases(caller, ref, query);
  }

  @Get(':ref/reservations')
  @RequireResource('read', 'Network')
  @ApiOperation({
    summary: 'The addresses in a network that NICs of servers are declared with, by address',
    operationId: 'listNetworkReservations',
  })
  @ApiRef('Network')
  @ApiOkResponse({ type: listOf(NetworkReservationDto) })
  @ApiProblems(400, 401, 403, 404, 409)
  reservations(
    @CurrentCaller() caller: Caller,
    @Param('ref') ref: string,
    @Query() query: AddressPageQueryDto,
  ): Promise<ListOf<NetworkReservationDto>> {
    return this.addresses.reservations(caller, ref, query);
  }
}
