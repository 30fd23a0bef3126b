import { randomBytes } from 'node:crypto';
import { LabError, formatPermission, isAllowed, kindOf, parsePermission } from '@lab/domain';
import { Prisma, type TransactionClient, type SqlReader } from '@lab/database';
import { Injectable } from '@nestjs/common';
import { COMMON_COLUMNS, COMMON_SORT, metadataOf, type CommonRow } from '../resources/common-columns.js';
import { refuse } from '../resources/resource-document.js';
import type { Resource, ResourceContent } from '../resources/resource.js';
import { ResourceRegistry } from '../resources/resource-registry.js';
import type { ChangeContext, ResourceStore, Written } from '../resources/resource-store.js';
import { ApiTokenSpecDto, type ApiTokenDto } from './api-token.dto.js';
import type { Caller } from './caller.js';
import { API_TOKEN_PREFIX, newToken } from './tokens.js';

interface ApiTokenRow extends CommonRow {
  user_name: string;
  scope: string[] | null;
  expires_at: Date | null;
  last_used_at: Date | null;
}

const NINETY_DAYS_S = 7_776_000;

/** Tokens of programs: made by their users, shown once, kept as hashes. */
@Injectable()
export class ApiTokensRepository implements ResourceStore<ApiTokenSpecDto> {
  readonly kind = kindOf('ApiToken');
  readonly specDto = ApiTokenSpecDto;
  readonly table = {
    from: Prisma.sql`api_tokens r JOIN users u ON u.id = r.user_id`,
    name: Prisma.sql`r.name`,
    labels: Prisma.sql`r.labels`,
    cloud: null,
    environment: null,
    filters: {},
    sort: COMMON_SORT,
  };

  constructor(registry: ResourceRegistry) {
    registry.register(this);
  }

  /** One's own; administrators see all. */
  visible(caller: Caller): Prisma.Sql {
    const everything = { action: 'admin', cloud: '*', environment: '*', server: '*' } as const;
    return isAllowed(caller.grants, everything)
      ? Prisma.sql`TRUE`
      : Prisma.sql`r.user_id = ${caller.userId}::UUID`;
  }

  newName = (): string => `token-${randomBytes(6).toString('hex')}`;

  async select(tx: SqlReader, tail: Prisma.Sql): Promise<ApiTokenDto[]> {
    const rows = await tx.$queryRaw<ApiTokenRow[]>`
      SELECT ${COMMON_COLUMNS}, u.name AS user_name, r.scope, r.expires_at, r.last_used_at
      FROM ${this.table.from} ${tail}`;
    return rows.map(toApiToken);
  }

  normalise(spec: ApiTokenSpecDto): ApiTokenSpecDto {
    const { expiresInSeconds = NINETY_DAYS_S, scope = null } = spec;
    const patterns = scope?.map((text, index) => {
      try {
        return formatPermission(parsePermission(text));
      } catch (error) {
        if (error instanceof LabError) throw refuse(`spec.scope.${index}`, error.message, error.hint);
        throw error;
      }
    });
    return { expiresInSeconds, scope: patterns === undefined ? null : [...new Set(patterns)].sort() };
  }

  /** A token can't make another, which might do more or outlive it. */
  authorise(_tx: TransactionClient, caller: Caller, before: Resource | undefined): Promise<void> {
    if (before === undefined && caller.byToken) {
      throw new LabError('not-allowed', "An API token can't make API tokens", {
        hint: 'Log in with a password to make one.',
      });
    }
    return Promise.resolve();
  }

  async insert(
    tx: TransactionClient,
    { name, labels, annotations, spec }: ResourceContent & { spec: ApiTokenSpecDto },
    { caller, now }: ChangeContext,
  ): Promise<Written> {
    const { expiresInSeconds = null, scope = null } = spec;
    const { token, hash } = newToken(API_TOKEN_PREFIX);
    const { id } = await tx.apiToken.create({
      data: {
        name,
        labels,
        annotations,
        userId: caller.userId,
        tokenHash: hash,
        scope: scope ?? Prisma.DbNull,
        expiresAt: expiresInSeconds === null ? null : new Date(now.getTime() + expiresInSeconds * 1000),
        createdAt: now,
        updatedAt: now,
      },
      select: { id: true },
    });
    return { id, secret: { token } };
  }

  async remove(tx: TransactionClient, { metadata }: Resource): Promise<void> {
    await tx.apiToken.delete({ where: { id: metadata.id } });
  }
}

const toApiToken = (row: ApiTokenRow): ApiTokenDto => ({
  apiVersion: 'lab/v1',
  kind: 'ApiToken',
  metadata: metadataOf(row),
  spec: {
    expiresInSeconds:
      row.expires_at === null
        ? null
        : Math.round((row.expires_at.getTime() - row.created_at.getTime()) / 1000),
    scope: row.scope,
  },
  status: {
    user: row.user_name,
    expiresAt: row.expires_at?.toISOString() ?? null,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  },
});
