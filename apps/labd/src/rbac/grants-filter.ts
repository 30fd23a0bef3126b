import { grantsFor, type Action, type Permission, type ResourceScope } from '@lab/domain';
import { Prisma } from '@lab/database';

/** Columns that a permission's parts are held against. */
export interface PlaceColumns {
  cloud: Prisma.Sql | null;
  environment: Prisma.Sql | null;
  name: Prisma.Sql;
}

/**
 * The resources that the grants allow `action` on, as a condition. Lists are filtered by the database: a page is full, and
 * what may not be read never leaves it. The same rule as libs/domain's `mayDo`.
 */
export function grantedBy(
  grants: readonly Permission[],
  action: Action,
  scope: ResourceScope,
  columns: PlaceColumns,
): Prisma.Sql {
  const alternatives = grantsFor(grants, action).map((grant) => {
    const cloud = equals(grant.cloud, scope === 'global' ? null : columns.cloud);
    const environment = equals(grant.environment, scope === 'global' ? null : columns.environment);
    const name = equals(grant.server, scope === 'server' ? columns.name : null);
    return [cloud, environment, name].filter((condition) => condition !== ANY);
  });
  if (alternatives.some((conditions) => conditions.length === 0)) return Prisma.sql`TRUE`;
  const possible = alternatives.filter((conditions) => !conditions.includes(NONE));
  if (possible.length === 0) return Prisma.sql`FALSE`;
  const each = possible.map((conditions) => Prisma.sql`(${Prisma.join(conditions, ' AND ')})`);
  return Prisma.sql`(${Prisma.join(each, ' OR ')})`;
}

const ANY = Prisma.sql`TRUE`;
const NONE = Prisma.sql`FALSE`;

function equals(granted: string, column: Prisma.Sql | null): Prisma.Sql {
  if (granted === '*') return ANY;
  return column === null ? NONE : Prisma.sql`${column} = ${granted}`;
}
