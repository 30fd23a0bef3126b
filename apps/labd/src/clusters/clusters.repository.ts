import { isHostname, kindOf } from '@lab/domain';
import { Prisma, type TransactionClient, type SqlReader } from '@lab/database';
import { Injectable } from '@nestjs/common';
import {
  COMMON_COLUMNS,
  COMMON_SORT,
  PLACED,
  PLACE_FILTERS,
  metadataOf,
  type CommonRow,
} from '../resources/common-columns.js';
import { placeWithDefaults } from '../resources/place-spec.dto.js';
import { refuse } from '../resources/resource-document.js';
import type { Resource, ResourceContent } from '../resources/resource.js';
import { ResourceRegistry } from '../resources/resource-registry.js';
import type { ChangeContext, ResourceStore, Written } from '../resources/resource-store.js';
import { ClusterMembers } from './cluster-members.repository.js';
import { ClusterSpecDto, type ClusterDto, type ClusterMemberDto } from './cluster.dto.js';

interface ClusterRow extends CommonRow {
  cloud: string;
  environment: string;
  distribution: string;
  distribution_version: string | null;
  endpoint: string | null;
  domain: string | null;
}

interface MemberRow {
  cluster_id: string;
  server: string;
  role: string;
  phase: string;
}

type Content = ResourceContent & { spec: ClusterSpecDto };

@Injectable()
export class ClustersRepository implements ResourceStore<ClusterSpecDto> {
  readonly kind = kindOf('Cluster');
  readonly specDto = ClusterSpecDto;
  readonly table = {
    ...PLACED,
    from: Prisma.sql`clusters r`,
    filters: PLACE_FILTERS,
    sort: COMMON_SORT,
  };

  constructor(
    registry: ResourceRegistry,
    private readonly members: ClusterMembers,
  ) {
    registry.register(this);
  }

  async select(tx: SqlReader, tail: Prisma.Sql): Promise<ClusterDto[]> {
    const rows = await tx.$queryRaw<ClusterRow[]>`
      SELECT ${COMMON_COLUMNS}, r.cloud, r.environment, r.distribution, r.distribution_version, r.endpoint, r.domain
      FROM ${this.table.from} ${tail}`;
    const ids = rows.map(({ id }) => id);
    const members = await tx.$queryRaw<MemberRow[]>`
      SELECT m.cluster_id, s.name AS server, m.role, s.phase FROM cluster_members m JOIN servers s ON s.id = m.server_id
      WHERE m.cluster_id = ANY(${ids}::UUID[]) ORDER BY m.role, s.name`;
    const byCluster = Map.groupBy(members, (member) => member.cluster_id);
    return rows.map((row) => toCluster(row, byCluster.get(row.id) ?? []));
  }

  normalise(spec: ClusterSpecDto): ClusterSpecDto {
    const { distribution = 'k3s', version = null, endpoint = null, domain = null, members = [] } = spec;
    if (domain !== null && !isHostname(domain))
      throw refuse('spec.domain', 'must be a domain name (RFC 1123)');
    const named = members.map(({ server, role = 'worker' }) => ({ server: server.toLowerCase(), role }));
    return {
      ...placeWithDefaults(spec),
      distribution,
      version,
      endpoint,
      domain,
      members: named.sort(byRoleAndName),
    };
  }

  async insert(tx: TransactionClient, content: Content, { caller, now }: ChangeContext): Promise<Written> {
    const data = { ...columnsOf(content), createdAt: now, updatedAt: now };
    const { id } = await tx.cluster.create({ data, select: { id: true } });
    await this.members.set(tx, caller, id, content.spec.members ?? [], now);
    return { id };
  }

  async update(
    tx: TransactionClient,
    { metadata }: Resource,
    content: Content,
    { caller, now }: ChangeContext,
  ): Promise<void> {
    const data = { ...columnsOf(content), updatedAt: now, version: { increment: 1 } };
    await tx.cluster.update({ where: { id: metadata.id }, data });
    await this.members.set(tx, caller, metadata.id, content.spec.members ?? [], now);
  }

  readonly inUseHint = 'Empty its spec.members first, with labctl edit cluster.';

  dependents(_tx: TransactionClient, { spec }: Resource): Promise<string[]> {
    const { members = [] } = spec as ClusterSpecDto;
    return Promise.resolve(members.slice(0, 11).map(({ server }) => `server/${server}`));
  }

  async remove(tx: TransactionClient, { metadata }: Resource): Promise<void> {
    await tx.cluster.delete({ where: { id: metadata.id } });
  }
}

const byRoleAndName = (a: ClusterMemberDto, b: ClusterMemberDto): number =>
  key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;
const key = ({ role, server }: ClusterMemberDto): string => `${role ?? ''}/${server}`;

const columnsOf = ({ name, labels, annotations, spec }: Content) => {
  const {
    cloud = 'default',
    environment = 'default',
    distribution = 'k3s',
    version,
    endpoint = null,
    domain = null,
  } = spec;
  return {
    name,
    labels,
    annotations,
    cloud,
    environment,
    distribution,
    distributionVersion: version ?? null,
    endpoint,
    domain,
  };
};

const toCluster = (row: ClusterRow, members: readonly MemberRow[]): ClusterDto => ({
  apiVersion: 'lab/v1',
  kind: 'Cluster',
  metadata: metadataOf(row),
  spec: {
    cloud: row.cloud,
    environment: row.environment,
    distribution: row.distribution,
    version: row.distribution_version,
    endpoint: row.endpoint,
    domain: row.domain,
    members: members.map(({ server, role }) => ({ server, role })),
  },
  status: {
    members: members.length,
    controlPlanes: members.filter(({ role }) => role === 'control-plane').length,
    installed: members.filter(({ phase }) => phase === 'installed').length,
  },
});
