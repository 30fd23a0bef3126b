import { LabError, covers, formatPermission, parsePermission, type Permission } from '@lab/domain';
import type { TransactionClient } from '@lab/database';
import type { Caller } from '../auth/caller.js';

/** Nobody grants, changes or takes away more than they hold themselves. Raises `not-allowed` that names the permission. */
export function requireHeld(caller: Caller, patterns: readonly string[]): void {
  const beyond = patterns
    .map(parsePermission)
    .find((wanted) => !caller.grants.some((held) => includes(held, wanted)));
  if (beyond === undefined) return;
  throw new LabError('not-allowed', `You don't hold ${formatPermission(beyond)} yourself`, {
    hint: 'Only somebody who holds a permission can give it, or change who has it.',
    details: { needed: formatPermission(beyond) },
  });
}

/** Whether `held` covers everything that `wanted` does, wildcards included. */
function includes(held: Permission, wanted: Permission): boolean {
  const { action } = wanted;
  if (action === '*')
    return (held.action === '*' || held.action === 'admin') && covers(held, { ...wanted, action: 'admin' });
  return covers(held, { ...wanted, action });
}

/** The permissions that roles hold; names that are none are missing from the result. */
export async function permissionsOfRoles(
  tx: TransactionClient,
  names: readonly string[],
): Promise<Map<string, { id: string; patterns: string[] }>> {
  const roles = await tx.role.findMany({
    where: { name: { in: [...names] } },
    include: { permissions: { include: { permission: { select: { pattern: true } } } } },
  });
  return new Map(
    roles.map(({ id, name, permissions }) => [
      name,
      { id, patterns: permissions.map(({ permission }) => permission.pattern) },
    ]),
  );
}

/** Raises `in-use` if the transaction would leave nobody who may do everything. */
export async function keepAnAdministrator(tx: TransactionClient): Promise<void> {
  const [row] = await tx.$queryRaw<{ administrators: number }[]>`
    SELECT count(DISTINCT u.id)::INT4 AS administrators
    FROM users u
    JOIN user_roles ur ON ur.user_id = u.id
    JOIN role_permissions rp ON rp.role_id = ur.role_id
    JOIN permissions p ON p.id = rp.permission_id
    WHERE u.disabled_at IS NULL AND p.pattern IN ('admin:*:*:*', '*:*:*:*')`;
  if ((row?.administrators ?? 0) > 0) return;
  throw new LabError('in-use', 'This would leave nobody who may do everything', {
    hint: 'Give another user the role admin first.',
  });
}
