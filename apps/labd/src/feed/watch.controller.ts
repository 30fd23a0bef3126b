import { Controller, Get, Headers, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LoggedIn } from '../auth/access.decorators.js';
import { CurrentCaller, type Caller } from '../auth/caller.js';
import { sendEventStream } from '../http/event-stream.js';
import { ApiProblems } from '../http/problem.dto.js';
import { ShutdownSignal } from '../http/shutdown-signal.js';
import { ResourceQuery } from '../resources/resource.query.js';
import { ResourceRegistry } from '../resources/resource-registry.js';
import { parseWatchFilter, watchable } from './watch-filter.js';
import { WatchQueryDto } from './watch.dto.js';
import { WatchService } from './watch.service.js';

const DESCRIPTION =
  'Named events: first `ready` (`{cursor}`), then `added`, `modified` and `deleted` (`{type, kind, object}`), each once and in order. ' +
  'What comes into your sight is `added`, what leaves it is `deleted`. Their `id` is a cursor for `since` or `Last-Event-ID`, on any ' +
  'replica. To follow a list without a gap, begin to watch, then list. An `error` event (a problem) ends the stream.';

@ApiTags('watch')
@ApiBearerAuth()
@Controller('api/v1/watch')
export class WatchController {
  constructor(
    private readonly watches: WatchService,
    private readonly query: ResourceQuery,
    private readonly registry: ResourceRegistry,
    @Inject(ShutdownSignal) private readonly shutdown: ShutdownSignal,
  ) {}

  @Get()
  // Only what the caller may read is sent.
  @LoggedIn()
  @ApiOperation({
    summary: 'Changes of resources as they happen',
    description: DESCRIPTION,
    operationId: 'watch',
  })
  @ApiHeader({ name: 'Last-Event-ID', required: false, schema: { type: 'string' } })
  @ApiOkResponse({ content: { 'text/event-stream': { schema: { type: 'string' } } } })
  @ApiProblems(400, 401, 410, 429)
  async watch(
    @CurrentCaller() caller: Caller,
    @Query() query: WatchQueryDto,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const filter = parseWatchFilter(query);
    const from = await this.watches.start(lastEventId ?? query.since);
    await sendEventStream(request, reply, this.shutdown.signal, (signal) =>
      this.watches.watch(caller, filter, from, signal),
    );
  }

  @Get(':plural/:ref')
  @LoggedIn()
  @ApiOperation({
    summary: 'Changes of one resource as they happen',
    description: DESCRIPTION,
    operationId: 'watchOne',
  })
  @ApiParam({ name: 'plural', example: 'servers' })
  @ApiParam({ name: 'ref', example: 'node1' })
  @ApiHeader({ name: 'Last-Event-ID', required: false, schema: { type: 'string' } })
  @ApiOkResponse({ content: { 'text/event-stream': { schema: { type: 'string' } } } })
  @ApiProblems(400, 401, 404, 409, 410, 429)
  async watchOne(
    @CurrentCaller() caller: Caller,
    @Param('plural') plural: string,
    @Param('ref') ref: string,
    @Query() query: WatchQueryDto,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const kind = watchable(plural);
    const { metadata } = await this.query.get(this.registry.storeFor(kind.kind), caller, ref);
    const filter = { ...parseWatchFilter({ ...query, kinds: kind.kind }), id: metadata.id };
    const from = await this.watches.start(lastEventId ?? query.since);
    await sendEventStream(request, reply, this.shutdown.signal, (signal) =>
      this.watches.watch(caller, filter, from, signal),
    );
  }
}
