import { Controller, Get, Headers, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequireResource } from '../auth/access.decorators.js';
import { CurrentCaller, type Caller } from '../auth/caller.js';
import { sendEventStream } from '../http/event-stream.js';
import { ApiProblems } from '../http/problem.dto.js';
import { ShutdownSignal } from '../http/shutdown-signal.js';
import { readFollowCursor } from './follow-cursor.js';
import { InstallDto, InstallListDto } from './install.dto.js';
import { FollowLogsQueryDto, LogPageDto, LogsQueryDto } from './install-log.dto.js';
import { InstallFollowService } from './install-follow.service.js';
import { InstallsRepository } from './installs.repository.js';
import { ApiListQuery, ApiRef } from '../resources/resource-api.js';
import { ResourceQuery, type ResourceList } from '../resources/resource.query.js';
import { InstallsService } from './installs.service.js';

@ApiTags('installs')
@ApiBearerAuth()
@Controller('api/v1')
export class InstallsController {
  constructor(
    private readonly resources: ResourceQuery,
    private readonly store: InstallsRepository,
    private readonly installs: InstallsService,
    private readonly follows: InstallFollowService,
    @Inject(ShutdownSignal) private readonly shutdown: ShutdownSignal,
  ) {}

  @Get('installs/:ref')
  @RequireResource('read', 'Install')
  @ApiOperation({ summary: 'One install with its stages', operationId: 'getInstall' })
  @ApiParam({
    name: 'ref',
    description: 'ID, or server and attempt: node1-2.',
    schema: { type: 'string', maxLength: 253 },
  })
  @ApiOkResponse({ type: InstallDto })
  @ApiProblems(400, 401, 403, 404)
  get(@CurrentCaller() caller: Caller, @Param('ref') ref: string): Promise<InstallDto> {
    return this.installs.get(caller, ref);
  }

  @Get('installs')
  @RequireResource('read', 'Install')
  @ApiOperation({
    summary: 'The installs that you may read, newest first, without their stages',
    operationId: 'listInstalls',
  })
  @ApiListQuery('Install')
  @ApiOkResponse({ type: InstallListDto })
  @ApiProblems(400, 401, 403)
  list(@CurrentCaller() caller: Caller, @Query() query: Record<string, unknown>): Promise<ResourceList> {
    return this.resources.list(this.store, caller, query);
  }

  @Get('servers/:ref/installs')
  @RequireResource('read', 'Install')
  @ApiOperation({ summary: 'The installs of a server, newest first', operationId: 'listServerInstalls' })
  @ApiRef('Server')
  @ApiListQuery('Install')
  @ApiOkResponse({ type: InstallListDto })
  @ApiProblems(400, 401, 403, 404, 409)
  ofServer(
    @CurrentCaller() caller: Caller,
    @Param('ref') ref: string,
    @Query() query: Record<string, unknown>,
  ): Promise<ResourceList> {
    return this.installs.ofServer(caller, ref, query);
  }

  @Get('servers/:ref/logs')
  @RequireResource('read', 'Install')
  @ApiOperation({ summary: 'The log of an install', operationId: 'getLogs' })
  @ApiRef('Server')
  @ApiOkResponse({ type: LogPageDto })
  @ApiProblems(400, 401, 403, 404, 409)
  logs(
    @CurrentCaller() caller: Caller,
    @Param('ref') ref: string,
    @Query() query: LogsQueryDto,
  ): Promise<LogPageDto> {
    return this.installs.logs(caller, ref, query);
  }

  @Get('servers/:ref/logs/follow')
  @RequireResource('read', 'Install')
  @ApiOperation({
    summary: 'An install as it happens',
    description:
      'Named events: `stage` (an InstallStage), `log` (a LogLine), `state` (`{state, failure}`, at once and on each change). ' +
      'Their `id` is a cursor for `Last-Event-ID`. The stream ends when the install has ended and all its lines are out.',
    operationId: 'followLogs',
  })
  @ApiRef('Server')
  @ApiHeader({ name: 'Last-Event-ID', required: false })
  @ApiOkResponse({ content: { 'text/event-stream': { schema: { type: 'string' } } } })
  @ApiProblems(400, 401, 403, 404, 409, 429)
  async follow(
    @CurrentCaller() caller: Caller,
    @Param('ref') ref: string,
    @Query() query: FollowLogsQueryDto,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    this.follows.admit();
    const install = await this.installs.find(caller, ref, query.install);
    const cursor = await this.follows.start(install, readFollowCursor(lastEventId), query.tail);
    await sendEventStream(request, reply, this.shutdown.signal, (signal) =>
      this.follows.follow(install.id, cursor, signal),
    );
  }
}
