import { kindOf, type KindName } from '@lab/domain';
import {
  Body,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Patch,
  Post,
  Put,
  Query,
  type Type,
} from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequireResource } from '../auth/access.decorators.js';
import { CurrentCaller, type Caller } from '../auth/caller.js';
import { ApiProblems } from '../http/problem.dto.js';
import { ApiDocument, ApiListQuery, ApiRef, listOf, type ListOf } from './resource-api.js';
import { DryRunQueryDto } from './resource.dto.js';
import { ResourceRegistry } from './resource-registry.js';
import { ResourceQuery } from './resource.query.js';
import { ResourceService } from './resource.service.js';

/** The routes that every kind has for reading. */
export interface ReadsResources<Item> {
  list(caller: Caller, query: Record<string, unknown>): Promise<ListOf<Item>>;
  get(caller: Caller, ref: string): Promise<Item>;
}

/** The routes of a kind that people write. */
export interface WritesResources<Item> extends ReadsResources<Item> {
  create(caller: Caller, body: unknown, options: DryRunQueryDto): Promise<Item>;
  replace(caller: Caller, ref: string, body: unknown, options: DryRunQueryDto): Promise<Item>;
  patch(caller: Caller, ref: string, body: unknown, options: DryRunQueryDto): Promise<Item>;
  delete(caller: Caller, ref: string, options: DryRunQueryDto): Promise<Item>;
}

/** A controller to extend: list and get of one kind. */
export function ResourceReader<Item>(name: KindName, item: Type<Item>): Type<ReadsResources<Item>> {
  const kind = kindOf(name);
  const List = listOf(item);

  @ApiTags(kind.plural)
  @ApiBearerAuth()
  class Reader implements ReadsResources<Item> {
    @Inject(ResourceQuery) protected readonly query!: ResourceQuery;
    @Inject(ResourceRegistry) protected readonly registry!: ResourceRegistry;

    @Get()
    @RequireResource('read', name)
    @ApiOperation({ summary: `The ${kind.plural} that you may read`, operationId: `list${name}s` })
    @ApiListQuery(name)
    @ApiOkResponse({ type: List })
    @ApiProblems(400, 401, 403)
    list(@CurrentCaller() caller: Caller, @Query() query: Record<string, unknown>): Promise<ListOf<Item>> {
      return this.query.list(this.registry.storeFor(name), caller, query) as Promise<ListOf<Item>>;
    }

    @Get(':ref')
    @RequireResource('read', name)
    @ApiOperation({ summary: `One ${kind.singular}`, operationId: `get${name}` })
    @ApiRef(name)
    @ApiOkResponse({ type: item })
    @ApiProblems(400, 401, 403, 404, 409)
    get(@CurrentCaller() caller: Caller, @Param('ref') ref: string): Promise<Item> {
      return this.query.get(this.registry.storeFor(name), caller, ref) as Promise<Item>;
    }
  }
  return Reader;
}

/** A controller to extend: everything that can be done with a kind that people write. */
export function ResourceWriterController<Item, Spec extends object>(
  name: KindName,
  item: Type<Item>,
  spec: Type<Spec>,
): Type<WritesResources<Item>> {
  const kind = kindOf(name);
  const dryRun = (options: DryRunQueryDto) => ({ dryRun: options.dryRun === 'true' });

  @ApiTags(kind.plural)
  @ApiBearerAuth()
  class Writer extends ResourceReader(name, item) implements WritesResources<Item> {
    @Inject(ResourceService) protected readonly service!: ResourceService;
    @Inject(ResourceRegistry) protected readonly stores!: ResourceRegistry;

    @Post()
    @HttpCode(201)
    @RequireResource('write', name)
    @ApiOperation({ summary: `Create a ${kind.singular}`, operationId: `create${name}` })
    @ApiDocument(name, spec)
    @ApiCreatedResponse({ type: item })
    @ApiProblems(400, 401, 403, 409)
    create(
      @CurrentCaller() caller: Caller,
      @Body() body: unknown,
      @Query() options: DryRunQueryDto,
    ): Promise<Item> {
      return this.service.create(this.stores.storeFor(name), caller, body, dryRun(options)) as Promise<Item>;
    }

    @Put(':ref')
    @RequireResource('write', name)
    @ApiOperation({ summary: `Replace what is written of a ${kind.singular}`, operationId: `replace${name}` })
    @ApiRef(name)
    @ApiDocument(name, spec)
    @ApiOkResponse({ type: item })
    @ApiProblems(400, 401, 403, 404, 409)
    replace(
      @CurrentCaller() caller: Caller,
      @Param('ref') ref: string,
      @Body() body: unknown,
      @Query() options: DryRunQueryDto,
    ): Promise<Item> {
      return this.service.replace(
        this.stores.storeFor(name),
        caller,
        ref,
        body,
        dryRun(options),
      ) as Promise<Item>;
    }

    @Patch(':ref')
    @RequireResource('write', name)
    @ApiOperation({ summary: `Change parts of a ${kind.singular}`, operationId: `patch${name}` })
    @ApiRef(name)
    @ApiDocument(name, spec, { patch: true })
    @ApiOkResponse({ type: item })
    @ApiProblems(400, 401, 403, 404, 409)
    patch(
      @CurrentCaller() caller: Caller,
      @Param('ref') ref: string,
      @Body() body: unknown,
      @Query() options: DryRunQueryDto,
    ): Promise<Item> {
      return this.service.patch(
        this.stores.storeFor(name),
        caller,
        ref,
        body,
        dryRun(options),
      ) as Promise<Item>;
    }

    @Delete(':ref')
    @HttpCode(200)
    @RequireResource('destroy', name)
    @ApiOperation({
      summary: `Delete a ${kind.singular}; refused while others depend on it`,
      operationId: `delete${name}`,
    })
    @ApiRef(name)
    @ApiOkResponse({ type: item, description: 'As it was.' })
    @ApiProblems(400, 401, 403, 404, 409)
    delete(
      @CurrentCaller() caller: Caller,
      @Param('ref') ref: string,
      @Query() options: DryRunQueryDto,
    ): Promise<Item> {
      return this.service.delete(this.stores.storeFor(name), caller, ref, dryRun(options)) as Promise<Item>;
    }
  }
  return Writer;
}
