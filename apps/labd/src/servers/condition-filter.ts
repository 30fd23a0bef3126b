import { CONDITION_TYPES, LabError, conditionNamed, printable, type ConditionType } from '@lab/domain';
import { Prisma } from '@lab/database';

/**
 * The filter `condition=Stuck,LinkLost` of lists: those for which any of these is true. `conditions` is the JSONB array.
 * Raises `invalid` that lists the names there are.
 */
export function conditionFilter(conditions: Prisma.Sql, value: string): Prisma.Sql {
  const wanted = new Set(value.split(',').map(known));
  const each = [...wanted].map(
    (type) => Prisma.sql`${conditions} @> ${JSON.stringify([{ type, status: 'True' }])}::JSONB`,
  );
  return Prisma.sql`(${Prisma.join(each, ' OR ')})`;
}

function known(name: string): ConditionType {
  const type = conditionNamed(name);
  if (type !== undefined) return type;
  const all = CONDITION_TYPES.join(', ');
  throw new LabError('invalid', `condition: "${printable(name)}" is none of ${all}`, {
    hint: `Choose one of ${all}; several with commas, for those that have any of them.`,
    errors: [{ path: 'condition', message: `must be one of ${all}` }],
  });
}
