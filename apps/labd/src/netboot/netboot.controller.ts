import { Controller, Get, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequireResource } from '../auth/access.decorators.js';
import { CurrentCaller, type Caller } from '../auth/caller.js';
import { ApiProblems } from '../http/problem.dto.js';
import { ApiRef } from '../resources/resource-api.js';
import { NetbootDto } from './netboot.dto.js';
import { NetbootQuery } from './netboot.query.js';

@ApiTags('servers')
@ApiBearerAuth()
@Controller('api/v1/servers')
export class NetbootController {
  constructor(private readonly netboot: NetbootQuery) {}

  @Get(':ref/netboot')
  @RequireResource('read', 'Server')
  @ApiOperation({
    summary: 'What the machine met on its way from power-on to its kernel, and its DHCP leases',
    operationId: 'getServerNetboot',
  })
  @ApiRef('Server')
  @ApiOkResponse({ type: NetbootDto })
  @ApiProblems(400, 401, 403, 404, 409)
  get(@CurrentCaller() caller: Caller, @Param('ref') ref: string): Promise<NetbootDto> {
    return this.netboot.ofServer(caller, ref);
  }
}
