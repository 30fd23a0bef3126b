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
import { ResourceQuery } from './resource.query.js';
import { ResourceRegistry } from './resource-registry.js';
import { ResourceService } from './resource.service.js';

/** What the routes of every kind are made of. */
class ResourceRoutes {
  @Inject(ResourceQuery) readonly query!: ResourceQuery;
  @Inject(ResourceService) readonly service!: ResourceService;
  @Inject(ResourceRegistry) readonly registry!: ResourceRegistry;
}

export interface ReadsResources<Item> extends ResourceRoutes {
  list(caller: Caller, query: Record<string, unknown>): Promise<ListOf<Item>>;
  get(caller: Caller, ref: string): Promise<Item>;
}

export interface CreatesResources<Item> {
  create(caller: Caller, body: unknown, options: DryRunQueryDto): Promise<Item>;
}

export interface ChangesResources<Item> {
  replace(caller: Caller, ref: string, body: unknown, options: DryRunQueryDto): Promise<Item>;
  patch(caller: Caller, ref: string, body: unknown, options: DryRunQueryDto): Promise<Item>;
}

export interface DeletesResources<Item> {
  delete(caller: Caller, ref: string, options: DryRunQueryDto): Promise<Item>;
}

/** What a kind's routes are made from: its name in the catalog, the class of the resource and that of its spec. */
interface Described<Item> {
  name: KindName;
  item: Type<Item>;
  spec: Type;
}

/** A controller to extend: list and get of one kind. */
export function ResourceReader<Item>(name: KindName, item: Type<Item>): Type<ReadsResources<Item>> {
  const kind = kindOf(name);

  @ApiTags(kind.plural)
  @ApiBearerAuth()
  class Reader extends ResourceRoutes implements ReadsResources<Item> {
    @Get()
    @RequireResource('read', name)
    @ApiOperation({ summary: `The ${kind.plural} that you may read`, operationId: `list${name}s` })
    @ApiListQuery(name)
    @ApiOkResponse({ type: listOf(item) })
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

/** List, get, create and delete: what is made and taken away, and never changed. */
export function ResourceMaker<Item>(
  name: KindName,
  item: Type<Item>,
  spec: Type,
): Type<ReadsResources<Item> & CreatesResources<Item> & DeletesResources<Item>> {
  const described = { name, item, spec };
  return withDelete(withCreate(ResourceReader(name, item), described), described);
}

/** List, get, replace, patch and delete: what comes to be in another way. */
export function ResourceChanger<Item>(
  name: KindName,
  item: Type<Item>,
  spec: Type,
): Type<ReadsResources<Item> & ChangesResources<Item> & DeletesResources<Item>> {
  const described = { name, item, spec };
  return withDelete(withChange(ResourceReader(name, item), described), described);
}

/** Everything that can be done with a kind that people write. */
export function ResourceWriterController<Item>(
  name: KindName,
  item: Type<Item>,
  spec: Type,
): Type<ReadsResources<Item> & CreatesResources<Item> & ChangesResources<Item> & DeletesResources<Item>> {
  const described = { name, item, spec };
  return withDelete(withChange(withCreate(ResourceReader(name, item), described), described), described);
}

const dryRun = (options: DryRunQueryDto) => ({ dryRun: options.dryRun === 'true' });

function withCreate<Item, Base extends Type<ResourceRoutes>>(
  Routes: Base,
  { name, item, spec }: Described<Item>,
) {
  const kind = kindOf(name);

  class Creator extends Routes implements CreatesResources<Item> {
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
      return this.service.create(
        this.registry.storeFor(name),
        caller,
        body,
        dryRun(options),
      ) as Promise<Item>;
    }
  }
  return Creator;
}

function withChange<Item, Base extends Type<ResourceRoutes>>(
  Routes: Base,
  { name, item, spec }: Described<Item>,
) {
  const kind = kindOf(name);

  class Changer extends Routes implements ChangesResources<Item> {
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
        this.registry.storeFor(name),
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
        this.registry.storeFor(name),
        caller,
        ref,
        body,
        dryRun(options),
      ) as Promise<Item>;
    }
  }
  return Changer;
}

function withDelete<Item, Base extends Type<ResourceRoutes>>(Routes: Base, { name, item }: Described<Item>) {
  const kind = kindOf(name);

  class Deleter extends Routes implements DeletesResources<Item> {
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
      return this.service.delete(this.registry.storeFor(name), caller, ref, dryRun(options)) as Promise<Item>;
    }
  }
  return Deleter;
}
