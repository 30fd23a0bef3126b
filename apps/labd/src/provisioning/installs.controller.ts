import { Readable } from 'node:stream';
import { Controller, Get, Headers, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequirePermission } from '../auth/access.decorators.js';
import { CurrentCaller, type Caller } from '../auth/caller.js';
import { ApiProblems } from '../http/problem.dto.js';
import { ShutdownSignal } from '../http/shutdown-signal.js';
import { readFollowCursor } from './follow-cursor.js';
import { InstallDto, InstallListDto } from './install.dto.js';
import { FollowLogsQueryDto, LogPageDto, LogsQueryDto } from './install-log.dto.js';
import { InstallFollowService } from './install-follow.service.js';
import { InstallsService } from './installs.service.js';

const ApiRef = ApiParam({
  name: 'ref',
  description: 'Name, ID or MAC address in any notation.',
  example: 'node1',
});
/** A reader that takes nothing for so long, heartbeats included, is gone. */
const STALLED_AFTER_MS = 60_000;

@ApiTags('installs')
@ApiBearerAuth()
@Controller('api/v1')
export class InstallsController {
  constructor(
    private readonly installs: InstallsService,
    private readonly follows: InstallFollowService,
    @Inject(ShutdownSignal) private readonly shutdown: ShutdownSignal,
  ) {}

  @Get('servers/:ref/installs')
  @RequirePermission('read', { on: 'server' })
  @ApiOperation({ summary: 'The installs of a server, newest first', operationId: 'listInstalls' })
  @ApiRef
  @ApiOkResponse({ type: InstallListDto })
  @ApiProblems(401, 403, 404, 409)
  list(@CurrentCaller() caller: Caller, @Param('ref') ref: string): Promise<InstallListDto> {
    return this.installs.ofServer(caller, ref);
  }

  @Get('installs/:id')
  @RequirePermission('read', { on: 'server' })
  @ApiOperation({ summary: 'One install with its stages', operationId: 'getInstall' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: InstallDto })
  @ApiProblems(401, 403, 404)
  get(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<InstallDto> {
    return this.installs.byId(caller, id);
  }

  @Get('servers/:ref/logs')
  @RequirePermission('read', { on: 'server' })
  @ApiOperation({ summary: 'The log of an install', operationId: 'getLogs' })
  @ApiRef
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
  @RequirePermission('read', { on: 'server' })
  @ApiOperation({
    summary: 'An install as it happens',
    description:
      'Named events: `stage` (an InstallStage), `log` (a LogLine), `state` (`{state, failure}`, at once and on each change). ' +
      'Their `id` is a cursor for `Last-Event-ID`. The stream ends when the install has ended and all its lines are out.',
    operationId: 'followLogs',
  })
  @ApiRef
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
    const closed = new AbortController();
    reply.raw.once('close', () => {
      closed.abort();
      request.raw.socket.setTimeout(0);
    });
    request.raw.socket.setTimeout(STALLED_AFTER_MS);
    const signal = AbortSignal.any([closed.signal, this.shutdown.signal]);
    const stream = Readable.from(this.follows.follow(install.id, cursor, signal), { highWaterMark: 2 });
    await reply
      .header('content-type', 'text/event-stream; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('x-accel-buffering', 'no')
      .send(stream);
  }
}
