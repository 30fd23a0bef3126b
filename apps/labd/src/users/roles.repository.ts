import { LabError, formatPermission, kindOf, parsePermission } from '@lab/domain';
import { Prisma, type TransactionClient, type SqlReader } from '@lab/database';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { COMMON_COLUMNS, COMMON_SORT, metadataOf, type CommonRow } from '../resources/common-columns.js';
import { refuse } from '../resources/resource-document.js';
import type { Resource, ResourceContent } from '../resources/resource.js';
import { ResourceRegistry } from '../resources/resource-registry.js';
import type { ChangeContext, ResourceStore, Written } from '../resources/resource-store.js';
import { keepAnAdministrator, requireHeld } from './grant-rules.query.js';
import { RoleSpecDto, type RoleDto } from './role.dto.js';

interface RoleRow extends CommonRow {
  description: string;
  built_in: boolean;
  users: number;
}

type Content = ResourceContent & { spec: RoleSpecDto };

@Injectable()
export class RolesRepository implements ResourceStore<RoleSpecDto> {
  readonly kind = kindOf('Role');
  readonly specDto = RoleSpecDto;
  readonly table = {
    from: Prisma.sql`roles r`,
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

  async select(tx: SqlReader, tail: Prisma.Sql): Promise<RoleDto[]> {
    const rows = await tx.$queryRaw<RoleRow[]>`
      SELECT ${COMMON_COLUMNS}, r.description, r.built_in,
        (SELECT count(*)::INT4 FROM user_roles x WHERE x.role_id = r.id) AS users
      FROM ${this.table.from} ${tail}`;
    const ids = rows.map(({ id }) => id);
    const permissions = await tx.$queryRaw<{ role_id: string; pattern: string }[]>`
      SELECT x.role_id, p.pattern FROM role_permissions x JOIN permissions p ON p.id = x.permission_id
      WHERE x.role_id = ANY(${ids}::UUID[]) ORDER BY p.pattern`;
    const byRole = Map.groupBy(permissions, (permission) => permission.role_id);
    return rows.map((row) =>
      toRole(
        row,
        (byRole.get(row.id) ?? []).map(({ pattern }) => pattern),
      ),
    );
  }

  normalise(spec: RoleSpecDto): RoleSpecDto {
    const permissions = (spec.permissions ?? []).map((text, index) => {
      try {
        return formatPermission(parsePermission(text));
      } catch (error) {
        if (error instanceof LabError) throw refuse(`spec.permissions.${index}`, error.message, error.hint);
        throw error;
      }
    });
    return { description: spec.description ?? '', permissions: [...new Set(permissions)].sort() };
  }

  authorise(
    _tx: TransactionClient,
    caller: Caller,
    before: Resource | undefined,
    after: ResourceContent | undefined,
  ): Promise<void> {
    if (before !== undefined && (before as RoleDto).status.builtIn) {
      throw new LabError(
        'not-allowed',
        `The role ${before.metadata.name} came with the program and stays as it is`,
        {
          hint: 'Make a role of your own.',
        },
      );
    }
    const specs = [before?.spec, after?.spec] as (RoleSpecDto | undefined)[];
    requireHeld(
      caller,
      specs.flatMap((spec) => spec?.permissions ?? []),
    );
    return Promise.resolve();
  }

  async insert(tx: TransactionClient, content: Content, { now }: ChangeContext): Promise<Written> {
    const { id } = await tx.role.create({
      data: { ...columnsOf(content), createdAt: now, updatedAt: now },
      select: { id: true },
    });
    await setPermissions(tx, id, content.spec.permissions ?? []);
    return { id };
  }

  async update(
    tx: TransactionClient,
    { metadata }: Resource,
    content: Content,
    { now }: ChangeContext,
  ): Promise<void> {
    await tx.role.update({
      where: { id: metadata.id },
      data: { ...columnsOf(content), updatedAt: now, version: { increment: 1 } },
    });
    await setPermissions(tx, metadata.id, content.spec.permissions ?? []);
    await keepAnAdministrator(tx);
  }

  async dependents(tx: TransactionClient, { metadata }: Resource): Promise<string[]> {
    const users = await tx.user.findMany({
      where: { roles: { some: { roleId: metadata.id } } },
      orderBy: { name: 'asc' },
      take: 11,
      select: { name: true },
    });
    return users.map(({ name }) => `user/${name}`);
  }

  async remove(tx: TransactionClient, { metadata }: Resource): Promise<void> {
    await tx.role.delete({ where: { id: metadata.id } });
  }
}

async function setPermissions(
  tx: TransactionClient,
  roleId: string,
  patterns: readonly string[],
): Promise<void> {
  await tx.permission.createMany({ data: patterns.map((pattern) => ({ pattern })), skipDuplicates: true });
  const permissions = await tx.permission.findMany({
    where: { pattern: { in: [...patterns] } },
    select: { id: true },
  });
  const ids = permissions.map(({ id }) => id);
  await tx.rolePermission.deleteMany({ where: { roleId, permissionId: { notIn: ids } } });
  await tx.rolePermission.createMany({
    data: ids.map((permissionId) => ({ roleId, permissionId })),
    skipDuplicates: true,
  });
}

const columnsOf = ({ name, labels, annotations, spec }: Content) => ({
  name,
  labels,
  annotations,
  description: spec.description ?? '',
});

const toRole = (row: RoleRow, permissions: string[]): RoleDto => ({
  apiVersion: 'lab/v1',
  kind: 'Role',
  metadata: metadataOf(row),
  spec: { description: row.description, permissions },
  status: { builtIn: row.built_in, users: row.users },
});
