import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { RequirePermission } from '../auth/access.decorators.js';
import { CurrentCaller, type Caller } from '../auth/caller.js';
import { ApiProblems } from '../http/problem.dto.js';
import { CancelInstall } from '../provisioning/commands/cancel-install/cancel-install.command.js';
import { ForgetServer } from '../provisioning/commands/forget-server/forget-server.command.js';
import { ProvisionServer } from '../provisioning/commands/provision-server/provision-server.command.js';
import { ReprovisionServer } from '../provisioning/commands/reprovision-server/reprovision-server.command.js';
import { ProvisionDto, ReprovisionDto } from '../provisioning/provision.dto.js';
import { ForgottenDto, ServerDto, ServerListDto } from './server.dto.js';
import { ServersQueryDto } from './server-query.dto.js';
import { ServersService } from './servers.service.js';

const ApiRef = ApiParam({
  name: 'ref',
  description: 'Name, ID or MAC address in any notation.',
  example: 'node1',
});

@ApiTags('servers')
@ApiBearerAuth()
@Controller('api/v1/servers')
export class ServersController {
  constructor(
    private readonly servers: ServersService,
    private readonly commands: CommandBus,
  ) {}

  @Get()
  @RequirePermission('read', { on: 'server' })
  @ApiOperation({ summary: 'The servers that you may read, by name', operationId: 'listServers' })
  @ApiOkResponse({ type: ServerListDto })
  @ApiProblems(400, 401, 403)
  list(@CurrentCaller() caller: Caller, @Query() query: ServersQueryDto): Promise<ServerListDto> {
    return this.servers.page(caller, query);
  }

  @Get(':ref')
  @RequirePermission('read', { on: 'server' })
  @ApiOperation({ summary: 'One server', operationId: 'getServer' })
  @ApiRef
  @ApiOkResponse({ type: ServerDto })
  @ApiProblems(400, 401, 403, 404, 409)
  get(@CurrentCaller() caller: Caller, @Param('ref') ref: string): Promise<ServerDto> {
    return this.servers.get(caller, ref);
  }

  @Post(':ref/provision')
  @HttpCode(202)
  @RequirePermission('apply', { on: 'server' })
  @ApiOperation({
    summary: 'Queue the install of a server that has no system',
    operationId: 'provisionServer',
  })
  @ApiRef
  @ApiAcceptedResponse({ type: ServerDto })
  @ApiProblems(400, 401, 403, 404, 409)
  provision(
    @CurrentCaller() caller: Caller,
    @Param('ref') ref: string,
    @Body() body: ProvisionDto,
  ): Promise<ServerDto> {
    return this.#accepted(ref, this.commands.execute(new ProvisionServer(caller, ref, body)));
  }

  @Post(':ref/reprovision')
  @HttpCode(202)
  @RequirePermission('apply', { on: 'server' })
  @ApiOperation({
    summary: 'Queue another install, which erases the one before',
    operationId: 'reprovisionServer',
  })
  @ApiRef
  @ApiAcceptedResponse({ type: ServerDto })
  @ApiProblems(400, 401, 403, 404, 409)
  reprovision(
    @CurrentCaller() caller: Caller,
    @Param('ref') ref: string,
    @Body() body: ReprovisionDto,
  ): Promise<ServerDto> {
    return this.#accepted(ref, this.commands.execute(new ReprovisionServer(caller, ref, body)));
  }

  @Post(':ref/cancel')
  @HttpCode(202)
  @RequirePermission('apply', { on: 'server' })
  @ApiOperation({ summary: 'Cancel the install that is under way', operationId: 'cancelInstall' })
  @ApiRef
  @ApiAcceptedResponse({ type: ServerDto })
  @ApiProblems(401, 403, 404, 409)
  cancel(@CurrentCaller() caller: Caller, @Param('ref') ref: string): Promise<ServerDto> {
    return this.#accepted(ref, this.commands.execute(new CancelInstall(caller, ref)));
  }

  @Post(':ref/forget')
  @HttpCode(200)
  @RequirePermission('destroy', { on: 'server' })
  @ApiOperation({
    summary: 'Delete a server and its installs; the machine itself is left alone',
    operationId: 'forgetServer',
  })
  @ApiRef
  @ApiOkResponse({ type: ForgottenDto })
  @ApiProblems(401, 403, 404, 409)
  async forget(@CurrentCaller() caller: Caller, @Param('ref') ref: string): Promise<ForgottenDto> {
    return { metadata: await this.commands.execute(new ForgetServer(caller, ref)) };
  }

  async #accepted(ref: string, serverId: Promise<string>): Promise<ServerDto> {
    return this.servers.byId(await serverId, ref);
  }
}
