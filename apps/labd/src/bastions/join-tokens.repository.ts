import { randomBytes } from 'node:crypto';
import { kindOf } from '@lab/domain';
import { Prisma, type TransactionClient, type SqlReader } from '@lab/database';
import { Injectable } from '@nestjs/common';
import { newToken } from '../auth/tokens.js';
import { COMMON_COLUMNS, COMMON_SORT, metadataOf, type CommonRow } from '../resources/common-columns.js';
import { placeWithDefaults } from '../resources/place-spec.dto.js';
import type { Resource, ResourceContent } from '../resources/resource.js';
import { ResourceRegistry } from '../resources/resource-registry.js';
import type { ChangeContext, ResourceStore, Written } from '../resources/resource-store.js';
import { JoinTokenSpecDto, type JoinTokenDto } from './join-token.dto.js';

interface JoinTokenRow extends CommonRow {
  kind: string;
  cloud: string;
  environment: string;
  max_uses: number;
  uses_left: number;
  expires_at: Date;
  created_by: string;
}

/** Tokens are made and deleted, not changed. The secret is kept as its hash. */
@Injectable()
export class JoinTokensRepository implements ResourceStore<JoinTokenSpecDto> {
  readonly kind = kindOf('JoinToken');
  readonly specDto = JoinTokenSpecDto;
  readonly table = {
    from: Prisma.sql`join_tokens r`,
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

  async select(tx: SqlReader, tail: Prisma.Sql): Promise<JoinTokenDto[]> {
    const rows = await tx.$queryRaw<JoinTokenRow[]>`
      SELECT ${COMMON_COLUMNS}, r.kind, r.cloud, r.environment, r.max_uses, r.uses_left, r.expires_at, r.created_by
      FROM ${this.table.from} ${tail}`;
    return rows.map(toJoinToken);
  }

  newName = (): string => `join-${randomBytes(6).toString('hex')}`;

  normalise(spec: JoinTokenSpecDto): JoinTokenSpecDto {
    const { for: joins = 'bastion', expiresInSeconds = 3600, maxUses = 1 } = spec;
    return { for: joins, ...placeWithDefaults(spec), expiresInSeconds, maxUses };
  }

  async insert(
    tx: TransactionClient,
    { name, labels, annotations, spec }: ResourceContent & { spec: JoinTokenSpecDto },
    { caller, now }: ChangeContext,
  ): Promise<Written> {
    const { for: kind = 'bastion', expiresInSeconds = 3600, maxUses = 1 } = spec;
    const { token, hash } = newToken('lab_join');
    const { id } = await tx.joinToken.create({
      data: {
        name,
        labels,
        annotations,
        kind,
        ...placeWithDefaults(spec),
        tokenHash: hash,
        maxUses,
        usesLeft: maxUses,
        expiresAt: new Date(now.getTime() + expiresInSeconds * 1000),
        createdBy: caller.username,
        createdAt: now,
        updatedAt: now,
      },
      select: { id: true },
    });
    return { id, secret: { token } };
  }

  async remove(tx: TransactionClient, { metadata }: Resource): Promise<void> {
    await tx.joinToken.delete({ where: { id: metadata.id } });
  }
}

const toJoinToken = (row: JoinTokenRow): JoinTokenDto => ({
  apiVersion: 'lab/v1',
  kind: 'JoinToken',
  metadata: metadataOf(row),
  spec: {
    for: row.kind,
    cloud: row.cloud,
    environment: row.environment,
    expiresInSeconds: Math.round((row.expires_at.getTime() - row.created_at.getTime()) / 1000),
    maxUses: row.max_uses,
  },
  status: { usesLeft: row.uses_left, expiresAt: row.expires_at.toISOString(), createdBy: row.created_by },
});
