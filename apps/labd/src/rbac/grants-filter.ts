import { grantsFor, type Action, type Permission } from '@lab/domain';
import { Prisma } from '@lab/database';

/**
 * The servers that the grants allow `action` on, as a condition on the columns of `servers s`. Lists are filtered by the
 * database: a page is full, and what may not be read never leaves it.
 */
export function serversGrantedBy(grants: readonly Permission[], action: Action): Prisma.Sql {
  const alternatives = grantsFor(grants, action).map((grant) => {
    const parts = [
      ...(grant.cloud === '*' ? [] : [Prisma.sql`s.cloud = ${grant.cloud}`]),
      ...(grant.environment === '*' ? [] : [Prisma.sql`s.environment = ${grant.environment}`]),
      ...(grant.server === '*' ? [] : [Prisma.sql`s.name = ${grant.server}`]),
    ];
    return parts.length === 0 ? undefined : Prisma.sql`(${Prisma.join(parts, ' AND ')})`;
  });
  if (alternatives.includes(undefined)) return Prisma.sql`TRUE`;
  const conditions = alternatives.filter((condition) => condition !== undefined);
  return conditions.length === 0 ? Prisma.sql`FALSE` : Prisma.sql`(${Prisma.join(conditions, ' OR ')})`;
}
