import { Body, Controller, Delete, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { RequireResource } from '../auth/access.decorators.js';
import { CurrentCaller, type Caller } from '../auth/caller.js';
import { ApiProblems } from '../http/problem.dto.js';
import { AdoptServer } from '../provisioning/commands/adopt-server/adopt-server.command.js';
import { CancelInstall } from '../provisioning/commands/cancel-install/cancel-install.command.js';
import { ForgetServer } from '../provisioning/commands/forget-server/forget-server.command.js';
import { ProvisionServer } from '../provisioning/commands/provision-server/provision-server.command.js';
import { ReprovisionServer } from '../provisioning/commands/reprovision-server/reprovision-server.command.js';
import type { OrderedServer } from '../provisioning/ordered-server.js';
import { AdoptDto, ProvisionDto, ReprovisionDto } from '../provisioning/provision.dto.js';
import { ApiRef } from '../resources/resource-api.js';
import { ResourceWriterController } from '../resources/resource.controller.js';
import { DryRunQueryDto } from '../resources/resource.dto.js';
import { ForgottenDto, OrderedServerDto, ServerDto } from './server.dto.js';
import { ServerSpecDto } from './server-spec.dto.js';

@Controller('api/v1/servers')
export class ServersController extends ResourceWriterController('Server', ServerDto, ServerSpecDto) {
  constructor(private readonly commands: CommandBus) {
    super();
  }

  @Post(':ref/provision')
  @HttpCode(202)
  @RequireResource('write', 'Server')
  @ApiOperation({
    summary: 'Queue the install of a server that has no system',
    operationId: 'provisionServer',
  })
  @ApiRef('Server')
  @ApiAcceptedResponse({ type: OrderedServerDto })
  @ApiProblems(400, 401, 403, 404, 409)
  provision(
    @CurrentCaller() caller: Caller,
    @Param('ref') ref: string,
    @Body() body: ProvisionDto,
    @Query() options: DryRunQueryDto,
  ): Promise<OrderedServerDto> {
    const dryRun = options.dryRun === 'true';
    return answered(dryRun, this.commands.execute(new ProvisionServer(caller, ref, body, dryRun)));
  }

  @Post(':ref/reprovision')
  @HttpCode(202)
  @RequireResource('write', 'Server')
  @ApiOperation({
    summary: 'Queue another install, which erases the one before',
    operationId: 'reprovisionServer',
  })
  @ApiRef('Server')
  @ApiAcceptedResponse({ type: OrderedServerDto })
  @ApiProblems(400, 401, 403, 404, 409)
  reprovision(
    @CurrentCaller() caller: Caller,
    @Param('ref') ref: string,
    @Body() body: ReprovisionDto,
    @Query() options: DryRunQueryDto,
  ): Promise<OrderedServerDto> {
    const dryRun = options.dryRun === 'true';
    return answered(dryRun, this.commands.execute(new ReprovisionServer(caller, ref, body, dryRun)));
  }

  @Post(':ref/cancel')
  @HttpCode(202)
  @RequireResource('write', 'Server')
  @ApiOperation({ summary: 'Cancel the install that is under way', operationId: 'cancelInstall' })
  @ApiRef('Server')
  @ApiAcceptedResponse({ type: OrderedServerDto })
  @ApiProblems(400, 401, 403, 404, 409)
  cancel(
    @CurrentCaller() caller: Caller,
    @Param('ref') ref: string,
    @Query() options: DryRunQueryDto,
  ): Promise<OrderedServerDto> {
    const dryRun = options.dryRun === 'true';
    return answered(dryRun, this.commands.execute(new CancelInstall(caller, ref, dryRun)));
  }

  @Post(':ref/forget')
  @HttpCode(200)
  @RequireResource('destroy', 'Server')
  @ApiOperation({
    summary: 'Delete a server and its installs; the machine itself is left alone',
    operationId: 'forgetServer',
  })
  @ApiRef('Server')
  @ApiOkResponse({ type: ForgottenDto })
  @ApiProblems(400, 401, 403, 404, 409)
  async forget(
    @CurrentCaller() caller: Caller,
    @Param('ref') ref: string,
    @Query() options: DryRunQueryDto,
  ): Promise<ForgottenDto> {
    const dryRun = options.dryRun === 'true';
    const { server, plan } = await this.commands.execute(new ForgetServer(caller, ref, dryRun));
    const { id, name } = server.metadata;
    return { metadata: { id, name }, ...(dryRun && { dryRun, plan }) };
  }

  @Post(':ref/adopt')
  @HttpCode(200)
  @RequireResource('write', 'Server')
  @ApiOperation({
    summary: 'Join two records of one machine: the server takes the machine of the other, which is deleted',
    operationId: 'adoptServer',
  })
  @ApiRef('Server')
  @ApiOkResponse({ type: ServerDto })
  @ApiProblems(400, 401, 403, 404, 409)
  adopt(
    @CurrentCaller() caller: Caller,
    @Param('ref') ref: string,
    @Body() body: AdoptDto,
    @Query() options: DryRunQueryDto,
  ): Promise<ServerDto> {
    return this.commands.execute(new AdoptServer(caller, ref, body, options.dryRun === 'true'));
  }

  /** The life cycle says when: not while an install runs. */
  @Delete(':ref')
  @HttpCode(200)
  @RequireResource('destroy', 'Server')
  @ApiOperation({
    summary: 'Forget a server: as POST …/forget, and answers what it was',
    operationId: 'deleteServer',
  })
  @ApiRef('Server')
  @ApiOkResponse({ type: ServerDto, description: 'As it was.' })
  @ApiProblems(400, 401, 403, 404, 409)
  override async delete(
    @CurrentCaller() caller: Caller,
    @Param('ref') ref: string,
    @Query() options: DryRunQueryDto,
  ): Promise<ServerDto> {
    const forget = new ForgetServer(caller, ref, options.dryRun === 'true');
    return (await this.commands.execute(forget)).server;
  }
}

async function answered(dryRun: boolean, ordered: Promise<OrderedServer>): Promise<OrderedServerDto> {
  const { server, warnings, plan } = await ordered;
  return { ...server, dryRun, warnings, plan };
}
