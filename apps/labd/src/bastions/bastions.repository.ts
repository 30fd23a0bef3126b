import { kindOf, type Clock } from '@lab/domain';
import { Prisma, type TransactionClient, type SqlReader } from '@lab/database';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK } from '../injection-tokens.js';
import {
  COMMON_COLUMNS,
  COMMON_SORT,
  PLACED,
  PLACE_FILTERS,
  metadataOf,
  type CommonRow,
} from '../resources/common-columns.js';
import { placeWithDefaults } from '../resources/place-spec.dto.js';
import type { Resource, ResourceContent } from '../resources/resource.js';
import { ResourceRegistry } from '../resources/resource-registry.js';
import type { ChangeContext, ResourceStore } from '../resources/resource-store.js';
import { conditionFilter } from '../servers/condition-filter.js';
import type { ConditionDto } from '../servers/server.dto.js';
import { BastionSpecDto, type BastionDto } from './bastion.dto.js';
import { isLinked, storedProfiles } from './offer.js';

interface BastionRow extends CommonRow {
  cloud: string;
  environment: string;
  link_state: string;
  last_seen_at: Date | null;
  url: string | null;
  software_version: string | null;
  profiles: unknown;
  layouts: unknown;
  install_roles: unknown;
  servers: number;
  conditions: ConditionDto[];
}

/** Null: the bastion never said. */
const namesIn = (stored: unknown): string[] | null =>
  Array.isArray(stored) ? storedProfiles(stored).map(({ name }) => name) : null;

type Content = ResourceContent & { spec: BastionSpecDto };

/** Bastions come by enrolment; people place, label and delete them. */
@Injectable()
export class BastionsRepository implements ResourceStore<BastionSpecDto> {
  readonly kind = kindOf('Bastion');
  readonly specDto = BastionSpecDto;
  readonly table = {
    ...PLACED,
    from: Prisma.sql`bastions r`,
    filters: {
      ...PLACE_FILTERS,
      condition: (value: string) => conditionFilter(Prisma.sql`r.conditions`, value),
    },
    sort: COMMON_SORT,
  };

  constructor(
    registry: ResourceRegistry,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    registry.register(this);
  }

  async select(tx: SqlReader, tail: Prisma.Sql): Promise<BastionDto[]> {
    const rows = await tx.$queryRaw<BastionRow[]>`
      SELECT ${COMMON_COLUMNS}, r.cloud, r.environment, r.link_state, r.last_seen_at, r.url, r.software_version, r.profiles,
        r.layouts, r.install_roles, r.conditions,
        (SELECT count(*)::INT4 FROM servers s WHERE s.bastion_id = r.id) AS servers
      FROM ${this.table.from} ${tail}`;
    return rows.map((row) => this.#toBastion(row));
  }

  normalise = (spec: BastionSpecDto): BastionSpecDto => placeWithDefaults(spec);

  async update(
    tx: TransactionClient,
    { metadata }: Resource,
    content: Content,
    { now }: ChangeContext,
  ): Promise<void> {
    const { name, labels, annotations, spec } = content;
    await tx.bastion.update({
      where: { id: metadata.id },
      data: {
        name,
        labels,
        annotations,
        ...placeWithDefaults(spec),
        updatedAt: now,
        version: { increment: 1 },
      },
    });
  }

  async dependents(tx: TransactionClient, { metadata }: Resource): Promise<string[]> {
    const rows = await tx.$queryRaw<{ name: string }[]>`
      (SELECT 'server/' || s.name AS name FROM servers s WHERE s.bastion_id = ${metadata.id}::UUID ORDER BY s.name LIMIT 11)
      UNION ALL
      (SELECT 'network/' || w.name FROM networks w WHERE w.bastion_id = ${metadata.id}::UUID ORDER BY w.name LIMIT 11)`;
    return rows.map(({ name }) => name);
  }

  /** Its credential dies with it: an open link ends at its next sign of life. */
  async remove(tx: TransactionClient, { metadata }: Resource): Promise<void> {
    await tx.bastion.delete({ where: { id: metadata.id } });
  }

  #toBastion(row: BastionRow): BastionDto {
    const profiles = storedProfiles(row.profiles);
    return {
      apiVersion: 'lab/v1',
      kind: 'Bastion',
      metadata: metadataOf(row),
      spec: { cloud: row.cloud, environment: row.environment },
      status: {
        link: isLinked(row.link_state, row.last_seen_at, this.clock.now()) ? 'up' : 'down',
        url: row.url,
        softwareVersion: row.software_version,
        servers: row.servers,
        profiles: profiles.map(({ name }) => name),
        installableProfiles: profiles
          .filter(({ missing = [] }) => missing.length === 0)
          .map(({ name }) => name),
        incompleteProfiles: profiles
          .filter(({ missing = [] }) => missing.length > 0)
          .map(({ name, missing = [] }) => ({ name, missing: [...missing] })),
        layouts: namesIn(row.layouts),
        roles: namesIn(row.install_roles),
        lastSeenAt: row.last_seen_at?.toISOString() ?? null,
        conditions: row.conditions,
      },
    };
  }
}
