import { kindOf, printable } from '@lab/domain';
import { Prisma, type TransactionClient, type SqlReader } from '@lab/database';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { COMMON_COLUMNS, COMMON_SORT, metadataOf, type CommonRow } from '../resources/common-columns.js';
import { refuse } from '../resources/resource-document.js';
import type { Resource, ResourceContent } from '../resources/resource.js';
import { ResourceRegistry } from '../resources/resource-registry.js';
import type { ChangeContext, ResourceStore, Written } from '../resources/resource-store.js';
import { keepAnAdministrator, permissionsOfRoles, requireHeld } from './grant-rules.query.js';
import { UserSpecDto, type UserDto } from './user.dto.js';

interface UserRow extends CommonRow {
  display_name: string | null;
  has_password: boolean;
  identity: string | null;
  disabled: boolean;
  locked_until: Date | null;
  last_login_at: Date | null;
}

type Content = ResourceContent & { spec: UserSpecDto };

@Injectable()
export class UserAccounts implements ResourceStore<UserSpecDto> {
  readonly kind = kindOf('User');
  readonly specDto = UserSpecDto;
  readonly table = {
    from: Prisma.sql`users r`,
    name: Prisma.sql`r.name`,
    labels: Prisma.sql`r.labels`,
    cloud: null,
    environment: null,
    filters: {
      role: (value: string) => Prisma.sql`EXISTS (SELECT 1 FROM user_roles x JOIN roles o ON o.id = x.role_id
        WHERE x.user_id = r.id AND o.name = ${value.toLowerCase()})`,
    },
    sort: COMMON_SORT,
  };

  constructor(registry: ResourceRegistry) {
    registry.register(this);
  }

  async select(tx: SqlReader, tail: Prisma.Sql): Promise<UserDto[]> {
    const rows = await tx.$queryRaw<UserRow[]>`
      SELECT ${COMMON_COLUMNS}, r.display_name, r.password_hash IS NOT NULL AS has_password, r.identity,
        r.disabled_at IS NOT NULL AS disabled, r.locked_until, r.last_login_at
      FROM ${this.table.from} ${tail}`;
    const ids = rows.map(({ id }) => id);
    const roles = await tx.$queryRaw<{ user_id: string; name: string }[]>`
      SELECT x.user_id, o.name FROM user_roles x JOIN roles o ON o.id = x.role_id
      WHERE x.user_id = ANY(${ids}::UUID[]) ORDER BY o.name`;
    const byUser = Map.groupBy(roles, (role) => role.user_id);
    return rows.map((row) =>
      toUser(
        row,
        (byUser.get(row.id) ?? []).map(({ name }) => name),
      ),
    );
  }

  normalise(spec: UserSpecDto): UserSpecDto {
    const roles = [...new Set((spec.roles ?? []).map((role) => role.toLowerCase()))].sort();
    return { displayName: spec.displayName ?? null, roles, disabled: spec.disabled ?? false };
  }

  /** Who changes a user needs to hold what that user holds, and what they are to hold. */
  async authorise(
    tx: TransactionClient,
    caller: Caller,
    before: Resource | undefined,
    after: ResourceContent | undefined,
  ): Promise<void> {
    const names = [before?.spec, after?.spec].flatMap(
      (spec) => (spec as UserSpecDto | undefined)?.roles ?? [],
    );
    const roles = await permissionsOfRoles(tx, names);
    requireHeld(
      caller,
      [...roles.values()].flatMap(({ patterns }) => patterns),
    );
  }

  async insert(tx: TransactionClient, content: Content, context: ChangeContext): Promise<Written> {
    const { now } = context;
    const { id } = await tx.user.create({
      data: { ...columnsOf(content, now), createdAt: now, updatedAt: now },
      select: { id: true },
    });
    await this.#setRoles(tx, id, content.spec.roles ?? [], context);
    return { id };
  }

  async update(
    tx: TransactionClient,
    before: Resource,
    content: Content,
    context: ChangeContext,
  ): Promise<void> {
    const { id } = before.metadata;
    const { now } = context;
    await tx.user.update({
      where: { id },
      data: { ...columnsOf(content, now), updatedAt: now, version: { increment: 1 } },
    });
    await this.#setRoles(tx, id, content.spec.roles ?? [], context);
    await keepAnAdministrator(tx);
  }

  /** With their sessions and tokens. */
  async remove(tx: TransactionClient, { metadata }: Resource): Promise<void> {
    await tx.user.delete({ where: { id: metadata.id } });
    await keepAnAdministrator(tx);
  }

  async #setRoles(
    tx: TransactionClient,
    userId: string,
    names: readonly string[],
    { caller, now }: ChangeContext,
  ): Promise<void> {
    const roles = await permissionsOfRoles(tx, names);
    const unknown = names.find((name) => !roles.has(name));
    if (unknown !== undefined) {
      throw refuse(
        'spec.roles',
        `there is no role "${printable(unknown)}"`,
        'See what there is with: labctl get roles',
      );
    }
    const ids = [...roles.values()].map(({ id }) => id);
    await tx.userRole.deleteMany({ where: { userId, roleId: { notIn: ids } } });
    const rows = ids.map((roleId) => ({ userId, roleId, grantedBy: caller.username, createdAt: now }));
    await tx.userRole.createMany({ data: rows, skipDuplicates: true });
  }
}

const columnsOf = ({ name, labels, annotations, spec }: Content, now: Date) => ({
  name,
  labels,
  annotations,
  displayName: spec.displayName ?? null,
  disabledAt: spec.disabled === true ? now : null,
});

const toUser = (row: UserRow, roles: string[]): UserDto => ({
  apiVersion: 'lab/v1',
  kind: 'User',
  metadata: metadataOf(row),
  spec: { displayName: row.display_name, roles, disabled: row.disabled },
  status: {
    hasPassword: row.has_password,
    identity: row.identity,
    lastLoginAt: row.last_login_at?.toISOString() ?? null,
    lockedUntil: row.locked_until?.toISOString() ?? null,
  },
});
