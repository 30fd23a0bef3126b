import { CONDITION_TYPES, kindOf, type KindName, type ResourceKind } from '@lab/domain';
import { applyDecorators, type Type } from '@nestjs/common';
import { ApiBody, ApiExtraModels, ApiParam, ApiProperty, ApiQuery, getSchemaPath } from '@nestjs/swagger';
import { ListMetadataDto } from './resource.dto.js';
import { DEFAULT_PAGE, MAX_PAGE } from './resource-list.js';

/** The class that describes a list of `item`: `{apiVersion, kind: List, metadata: {continue}, items}`. */
export function listOf<Item>(item: Type<Item>): Type<ListOf<Item>> {
  class List implements ListOf<Item> {
    @ApiProperty({ enum: ['lab/v1'] })
    apiVersion!: 'lab/v1';
    @ApiProperty({ enum: ['List'] })
    kind!: 'List';
    @ApiProperty()
    metadata!: ListMetadataDto;
    @ApiProperty({ type: [item] })
    items!: Item[];
  }
  Object.defineProperty(List, 'name', { value: item.name.replace(/Dto$/, 'ListDto') });
  return List;
}

export interface ListOf<Item> {
  apiVersion: 'lab/v1';
  kind: 'List';
  metadata: ListMetadataDto;
  items: Item[];
}

export const ApiRef = (kind: KindName): MethodDecorator =>
  ApiParam({
    name: 'ref',
    description: kind === 'Server' ? 'Name, ID or MAC address in any notation.' : 'Name or ID.',
    schema: { type: 'string', maxLength: 253 },
    example: EXAMPLES[kind]?.name ?? 'example',
  });

/** The parameters of a list, from the catalog. */
export function ApiListQuery(name: KindName): MethodDecorator & ClassDecorator {
  const kind = kindOf(name);
  const sorts = kind.sort.flatMap((key) => (key.startsWith('-') ? [key] : [key, `-${key}`]));
  return applyDecorators(
    ...kind.filters.map((filter) =>
      ApiQuery({
        name: filter,
        required: false,
        description: filterText(kind, filter),
        schema: { type: 'string', maxLength: 253 },
      }),
    ),
    ApiQuery({
      name: 'labelSelector',
      required: false,
      description: 'Conditions on labels: `rack=a1,tier!=test,zone in (a,b),gpu,!old`.',
      schema: { type: 'string', maxLength: 4096 },
      example: 'rack=a1',
    }),
    ApiQuery({
      name: 'sort',
      required: false,
      description: 'Order; `-` turns it round.',
      schema: { type: 'string', enum: [...new Set(sorts)], default: kind.sort[0] },
    }),
    ApiQuery({
      name: 'limit',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: MAX_PAGE, default: DEFAULT_PAGE },
    }),
    ApiQuery({
      name: 'continue',
      required: false,
      description: '`metadata.continue` of the page before.',
      schema: { type: 'string', maxLength: 1024 },
    }),
    ApiQuery({
      name: 'fields',
      required: false,
      description:
        'Only these parts, as dotted paths with commas: `spec.role,status.phase`. Its ID and name always come along.',
      schema: { type: 'string', maxLength: 4096 },
    }),
  );
}

const filterText = ({ plural }: ResourceKind, filter: string): string =>
  filter === 'condition'
    ? `Only ${plural} with this condition, or any of several with commas: ${CONDITION_TYPES.join(', ')}.`
    : `Only ${plural} with this ${filter}.`;

/** A document of that kind as it is sent: the name is needed unless the path has it. */
export function ApiDocument(
  name: KindName,
  spec: Type,
  { patch = false } = {},
): MethodDecorator & ClassDecorator {
  const example = EXAMPLES[name];
  const metadata = {
    type: 'object' as const,
    ...(!patch && { required: ['name'] }),
    properties: {
      name: { type: 'string' as const, maxLength: 253 },
      version: {
        type: 'integer' as const,
        description: 'The version that you read: refused if it has changed since.',
      },
      labels: {
        type: 'object' as const,
        additionalProperties: { type: 'string' as const, maxLength: 63 },
        maxProperties: 64,
      },
      annotations: { type: 'object' as const, additionalProperties: { type: 'string' as const } },
    },
  };
  return applyDecorators(
    ApiExtraModels(spec),
    ApiBody({
      required: true,
      ...(patch && { description: 'RFC 7396 merge patch: null takes a field away.' }),
      schema: {
        type: 'object',
        ...(!patch && { required: ['metadata'] }),
        properties: {
          apiVersion: { type: 'string', enum: ['lab/v1'] },
          kind: { type: 'string', enum: [name] },
          metadata,
          spec: patch ? { type: 'object' } : { $ref: getSchemaPath(spec) },
        },
        ...(example !== undefined && {
          example: patch
            ? { metadata: { labels: { rack: 'a1' } } }
            : { apiVersion: 'lab/v1', kind: name, metadata: { name: example.name }, spec: example.spec },
        }),
      },
    }),
  );
}

/** What Swagger UI fills in: it can be sent as it is. */
const EXAMPLES: Partial<Record<KindName, { name: string; spec: object }>> = {
  Server: { name: 'node1', spec: { role: 'worker', nics: [{ mac: '52:54:00:12:34:56' }] } },
  Network: { name: 'lab', spec: { cidr: '192.168.77.0/24', gateway: '192.168.77.1', domain: 'lab.example' } },
  Cluster: { name: 'prod', spec: { distribution: 'k3s', members: [] } },
  Bastion: { name: 'site-a', spec: { cloud: 'default', environment: 'default' } },
  InstallSettings: { name: 'default', spec: { users: [{ name: 'ops', groups: ['wheel'], sudo: true }] } },
  User: { name: 'mara', spec: { displayName: 'Mara', roles: ['viewer'] } },
  Role: {
    name: 'staging-operator',
    spec: { description: 'Runs staging.', permissions: ['apply:*:staging:*'] },
  },
  JoinToken: { name: 'for-site-a', spec: { for: 'bastion', expiresInSeconds: 3600, maxUses: 1 } },
  ApiToken: { name: 'ci', spec: { expiresInSeconds: 86_400, scope: ['read:*:*:*'] } },
};
