import { Prisma } from '@lab/database';
import type { ResourceMetadataDto } from './resource.dto.js';
import type { ResourceTable, SortKey } from './resource-store.js';

/** Columns that every kind's table has. */
export interface CommonRow {
  id: string;
  name: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  version: number;
  created_at: Date;
  updated_at: Date;
}

/** Of the table `r`, to select. */
export const COMMON_COLUMNS = Prisma.sql`r.id, r.name, r.labels, r.annotations, r.version, r.created_at, r.updated_at`;

export const metadataOf = (row: CommonRow): ResourceMetadataDto => ({
  id: row.id,
  name: row.name,
  labels: row.labels,
  annotations: row.annotations,
  version: row.version,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
});

/** How lists of a table `r` with those columns are sorted. */
export const COMMON_SORT = {
  name: { sql: Prisma.sql`r.name`, type: 'TEXT', of: ({ metadata }) => metadata.name },
  createdAt: { sql: Prisma.sql`r.created_at`, type: 'TIMESTAMPTZ', of: ({ metadata }) => metadata.createdAt },
  updatedAt: { sql: Prisma.sql`r.updated_at`, type: 'TIMESTAMPTZ', of: ({ metadata }) => metadata.updatedAt },
} as const satisfies Record<string, SortKey>;

/** A table `r` with those columns that is in a cloud and an environment. */
export const PLACED = {
  name: Prisma.sql`r.name`,
  labels: Prisma.sql`r.labels`,
  cloud: Prisma.sql`r.cloud`,
  environment: Prisma.sql`r.environment`,
} as const satisfies Partial<ResourceTable>;

export const PLACE_FILTERS = {
  cloud: (value: string) => Prisma.sql`r.cloud = ${value}`,
  environment: (value: string) => Prisma.sql`r.environment = ${value}`,
} as const;

/** A filter by the bastion `b`, by name or ID. */
export const BASTION_FILTER = {
  bastion: (value: string) =>
    Prisma.sql`(b.name = ${value.toLowerCase()} OR b.id::TEXT = ${value.toLowerCase()})`,
} as const;
