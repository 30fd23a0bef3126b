import { randomBytes } from 'node:crypto';
import type { Database } from '@lab/database';
import type { Clock } from '@lab/domain';
import { AuditTrail } from '../audit/audit-trail.repository.js';
import type { PasswordHasher } from '../auth/password-hasher.js';

const PERMISSIONS: Readonly<Record<string, string>> = {
  'admin:*:*:*': 'Everything, everywhere.',
  'read:*:*:*': 'See every server, with its installs and logs.',
  'apply:*:*:*': 'Provision and change every server.',
  'destroy:*:*:*': 'Forget every server.',
  'apply:*:default:*': 'Provision and change the servers of the environment "default".',
  'destroy:*:default:*': 'Forget the servers of the environment "default".',
};

const ROLES = [
  { name: 'admin', description: 'May do everything.', permissions: ['admin:*:*:*'] },
  {
    name: 'operator',
    description: 'Runs the servers: sees, provisions and forgets them.',
    permissions: ['read:*:*:*', 'apply:*:*:*', 'destroy:*:*:*'],
  },
  { name: 'viewer', description: 'Sees everything, changes nothing.', permissions: ['read:*:*:*'] },
] as const;

export const FIRST_ADMIN = 'admin';

/** Passwords that are made here have 144 random bits. */
const newPassword = (): string => randomBytes(18).toString('base64url');

/**
 * Makes the built-in roles and permissions, and on a database without users the first administrator. Run by every replica
 * at its start; what is there already is left alone. Returns the administrator's password, if one was made up.
 */
export async function seed(
  database: Database,
  passwords: PasswordHasher,
  auditKey: Buffer,
  clock: Clock,
  chosenPassword: string | undefined,
): Promise<string | undefined> {
  const now = new Date(clock.now());
  const audit = new AuditTrail(database, auditKey);
  const noUsers = (await database.client.user.count()) === 0;
  const password = chosenPassword ?? newPassword();
  const passwordHash = noUsers ? await passwords.hash(password) : null;

  const created = await database.transaction(async (tx) => {
    const patterns = Object.entries(PERMISSIONS).map(([pattern, description]) => ({ pattern, description }));
    await tx.permission.createMany({ data: patterns, skipDuplicates: true });
    await tx.role.createMany({
      data: ROLES.map(({ name, description }) => ({ name, description, builtIn: true })),
      skipDuplicates: true,
    });
    const roles = new Map(
      (await tx.role.findMany({ where: { builtIn: true } })).map((role) => [role.name, role.id]),
    );
    const permissions = new Map(
      (await tx.permission.findMany({ where: { pattern: { in: Object.keys(PERMISSIONS) } } })).map(
        (permission) => [permission.pattern, permission.id],
      ),
    );
    const grants = ROLES.flatMap((role) =>
      role.permissions.flatMap((pattern) => {
        const roleId = roles.get(role.name);
        const permissionId = permissions.get(pattern);
        return roleId === undefined || permissionId === undefined ? [] : [{ roleId, permissionId }];
      }),
    );
    await tx.rolePermission.createMany({ data: grants, skipDuplicates: true });

    const adminRole = roles.get('admin');
    if (passwordHash === null || adminRole === undefined || (await tx.user.count()) > 0) return false;
    const user = await tx.user.create({
      data: {
        name: FIRST_ADMIN,
        displayName: 'Administrator',
        passwordHash,
        passwordChangedAt: now,
        roles: { create: { roleId: adminRole, grantedBy: 'system' } },
      },
    });
    await audit.record(tx, [
      {
        at: now,
        actor: 'system',
        action: 'create',
        kind: 'User',
        resourceId: user.id,
        resourceName: FIRST_ADMIN,
        after: { name: FIRST_ADMIN, roles: ['admin'] },
      },
    ]);
    return true;
  });
  return created && chosenPassword === undefined ? password : undefined;
}
