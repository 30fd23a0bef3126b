import { LabError, cidrContains, isHostname, isIpAddress, kindOf, parseCidr } from '@lab/domain';
import { Prisma, type TransactionClient, type SqlReader } from '@lab/database';
import { Injectable } from '@nestjs/common';
import {
  BASTION_FILTER,
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
import { NetworkSpecDto, type NetworkDto } from './network.dto.js';
import { NetworkMembership } from '../servers/network-membership.repository.js';

interface NetworkRow extends CommonRow {
  cloud: string;
  environment: string;
  cidr: string;
  vlan: number | null;
  gateway: string | null;
  domain: string | null;
  dhcp_enabled: boolean;
  bastion: string | null;
  nics: number;
}

type Content = ResourceContent & { spec: NetworkSpecDto };

@Injectable()
export class NetworksRepository implements ResourceStore<NetworkSpecDto> {
  readonly kind = kindOf('Network');
  readonly specDto = NetworkSpecDto;
  readonly table = {
    ...PLACED,
    from: Prisma.sql`networks r LEFT JOIN bastions b ON b.id = r.bastion_id`,
    filters: { ...PLACE_FILTERS, ...BASTION_FILTER },
    sort: COMMON_SORT,
  };

  constructor(
    registry: ResourceRegistry,
    private readonly membership: NetworkMembership,
  ) {
    registry.register(this);
  }

  async select(tx: SqlReader, tail: Prisma.Sql): Promise<NetworkDto[]> {
    const rows = await tx.$queryRaw<NetworkRow[]>`
      SELECT ${COMMON_COLUMNS}, r.cloud, r.environment, r.cidr, r.vlan, r.gateway, r.domain, r.dhcp_enabled,
        b.name AS bastion, (SELECT count(*)::INT4 FROM server_nics n WHERE n.network_id = r.id) AS nics
      FROM ${this.table.from} ${tail}`;
    return rows.map(toNetwork);
  }

  normalise(spec: NetworkSpecDto): NetworkSpecDto {
    const { cidr, vlan = null, gateway = null, domain = null, dhcpEnabled = false, bastion = null } = spec;
    const network = parseCidr(cidr.toLowerCase());
    if (network === undefined) {
      throw refuse(
        'spec.cidr',
        'must be an IPv4 or IPv6 network without host bits',
        'Write 192.168.77.0/24 or 2001:db8::/64.',
      );
    }
    if (gateway !== null && (!isIpAddress(gateway) || !cidrContains(network, gateway))) {
      throw refuse('spec.gateway', `must be an IP address in ${cidr}`);
    }
    if (domain !== null && !isHostname(domain))
      throw refuse('spec.domain', 'must be a domain name (RFC 1123)');
    return {
      ...placeWithDefaults(spec),
      cidr: cidr.toLowerCase(),
      vlan,
      gateway: gateway?.toLowerCase() ?? null,
      domain,
      dhcpEnabled,
      bastion: bastion?.toLowerCase() ?? null,
    };
  }

  async insert(tx: TransactionClient, content: Content, { now }: ChangeContext): Promise<Written> {
    const data = await this.#columns(tx, content);
    const { id } = await tx.network.create({
      data: { ...data, createdAt: now, updatedAt: now },
      select: { id: true },
    });
    await this.membership.settleNetwork(tx, id, data.cidr, now);
    return { id };
  }

  async update(
    tx: TransactionClient,
    before: Resource,
    content: Content,
    { now }: ChangeContext,
  ): Promise<void> {
    const { id } = before.metadata;
    const data = await this.#columns(tx, content);
    await tx.network.update({ where: { id }, data: { ...data, updatedAt: now, version: { increment: 1 } } });
    await this.membership.settleNetwork(tx, id, data.cidr, now);
  }

  async dependents(tx: TransactionClient, { metadata }: Resource): Promise<string[]> {
    const rows = await tx.$queryRaw<{ name: string }[]>`
      SELECT DISTINCT s.name FROM servers s JOIN server_nics n ON n.server_id = s.id
      WHERE n.network_id = ${metadata.id}::UUID ORDER BY s.name LIMIT 11`;
    return rows.map(({ name }) => `server/${name}`);
  }

  async remove(tx: TransactionClient, { metadata }: Resource): Promise<void> {
    await tx.network.delete({ where: { id: metadata.id } });
  }

  async #columns(tx: TransactionClient, { name, labels, annotations, spec }: Content) {
    const { bastion, cloud = 'default', environment = 'default', ...columns } = spec;
    const bastionId = bastion === null || bastion === undefined ? null : await bastionIdOf(tx, bastion);
    return { name, labels, annotations, cloud, environment, ...columns, bastionId };
  }
}

async function bastionIdOf(tx: TransactionClient, reference: string): Promise<string> {
  const [bastion] = await tx.$queryRaw<{ id: string }[]>`
    SELECT b.id FROM bastions b WHERE ${BASTION_FILTER.bastion(reference)}`;
  if (bastion !== undefined) return bastion.id;
  throw new LabError('invalid', `spec.bastion: there is no bastion "${reference}"`, {
    hint: 'See what there is with: labctl get bastions',
    errors: [{ path: 'spec.bastion', message: 'names no bastion' }],
  });
}

const toNetwork = (row: NetworkRow): NetworkDto => ({
  apiVersion: 'lab/v1',
  kind: 'Network',
  metadata: metadataOf(row),
  spec: {
    cloud: row.cloud,
    environment: row.environment,
    cidr: row.cidr,
    vlan: row.vlan,
    gateway: row.gateway,
    domain: row.domain,
    dhcpEnabled: row.dhcp_enabled,
    bastion: row.bastion,
  },
  status: { nics: row.nics },
});
