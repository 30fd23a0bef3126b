import {
  DHCP_DEFAULTS,
  cidrContains,
  dhcpFault,
  isHostname,
  isIpAddress,
  kindOf,
  parseCidr,
} from '@lab/domain';
import { Prisma, type TransactionClient, type SqlReader } from '@lab/database';
import { Injectable } from '@nestjs/common';
import { Changes } from '../feed/changes.notifier.js';
import {
  BASTION_FILTER,
  COMMON_COLUMNS,
  COMMON_SORT,
  PLACED,
  PLACE_FILTERS,
} from '../resources/common-columns.js';
import { placeWithDefaults } from '../resources/place-spec.dto.js';
import { refuse } from '../resources/resource-document.js';
import type { Resource, ResourceContent } from '../resources/resource.js';
import { ResourceRegistry } from '../resources/resource-registry.js';
import type { ChangeContext, ResourceStore, Written } from '../resources/resource-store.js';
import { conditionFilter } from '../servers/condition-filter.js';
import { DeclaredAddresses } from '../servers/declared-addresses.repository.js';
import { DECLARED_ADDRESS, NetworkMembership } from '../servers/network-membership.repository.js';
import { NetworkSpecDto, type DhcpSettingsDto, type NetworkDto } from './network.dto.js';
import { toNetwork, type NetworkRow } from './network-row.js';
import { ServingBastion } from './serving-bastion.repository.js';

type Content = ResourceContent & { spec: NetworkSpecDto };

@Injectable()
export class NetworksRepository implements ResourceStore<NetworkSpecDto> {
  readonly kind = kindOf('Network');
  readonly specDto = NetworkSpecDto;
  readonly table = {
    ...PLACED,
    from: Prisma.sql`networks r LEFT JOIN bastions b ON b.id = r.bastion_id`,
    filters: {
      ...PLACE_FILTERS,
      ...BASTION_FILTER,
      condition: (value: string) => conditionFilter(Prisma.sql`r.conditions`, value),
    },
    sort: COMMON_SORT,
  };

  constructor(
    registry: ResourceRegistry,
    private readonly membership: NetworkMembership,
    private readonly addresses: DeclaredAddresses,
    private readonly bastions: ServingBastion,
    private readonly changes: Changes,
  ) {
    registry.register(this);
  }

  async select(tx: SqlReader, tail: Prisma.Sql): Promise<NetworkDto[]> {
    const rows = await tx.$queryRaw<NetworkRow[]>`
      SELECT ${COMMON_COLUMNS}, r.cloud, r.environment, r.cidr, r.vlan, r.gateway, r.domain, r.dhcp_enabled,
        r.nameservers, r.dhcp, r.conditions, r.leases, r.leases_at, b.name AS bastion, b.url AS bastion_url,
        (SELECT count(*)::INT4 FROM server_nics n WHERE n.network_id = r.id) AS nics,
        (SELECT count(*)::INT4 FROM server_nics n WHERE n.network_id = r.id
          AND ${DECLARED_ADDRESS}::INET <<= r.cidr::INET) AS reservations
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
    const normalised = {
      ...placeWithDefaults(spec),
      cidr: cidr.toLowerCase(),
      vlan,
      gateway: gateway?.toLowerCase() ?? null,
      domain,
      nameservers: spec.nameservers?.length ? spec.nameservers.map((server) => server.toLowerCase()) : null,
      dhcpEnabled,
      dhcp: withDefaults(spec.dhcp),
      bastion: bastion?.toLowerCase() ?? null,
    };
    const fault = dhcpFault({ ...normalised, nameservers: normalised.nameservers ?? [] });
    if (fault !== undefined) throw refuse(fault.path, fault.message, fault.hint);
    return normalised;
  }

  async insert(tx: TransactionClient, content: Content, context: ChangeContext): Promise<Written> {
    const { now } = context;
    const data = await this.#columns(tx, content, undefined, context);
    const { id } = await tx.network.create({
      data: { ...data, createdAt: now, updatedAt: now },
      select: { id: true },
    });
    await this.membership.settleNetwork(tx, id, data.cidr, now);
    await this.addresses.refuseTakenIn(tx, id);
    return { id };
  }

  async update(
    tx: TransactionClient,
    before: Resource,
    content: Content,
    context: ChangeContext,
  ): Promise<void> {
    const { now } = context;
    const { id } = before.metadata;
    const data = await this.#columns(tx, content, before as NetworkDto, context);
    const isOther = servedAs((before as NetworkDto).spec) !== servedAs(content.spec);
    if (isOther) await tx.networkLease.deleteMany({ where: { networkId: id } });
    await tx.network.update({
      where: { id },
      data: {
        ...data,
        ...(isOther && { conditions: [], leases: null, leasesAt: null }),
        updatedAt: now,
        version: { increment: 1 },
      },
    });
    await this.membership.settleNetwork(tx, id, data.cidr, now);
    await this.addresses.refuseTakenIn(tx, id);
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

  committed(): void {
    this.changes.networksChanged();
  }

  async #columns(
    tx: TransactionClient,
    { name, labels, annotations, spec }: Content,
    before: NetworkDto | undefined,
    { caller }: ChangeContext,
  ) {
    const {
      bastion = null,
      cloud = 'default',
      environment = 'default',
      nameservers,
      dhcp,
      ...columns
    } = spec;
    const bastionId =
      bastion === null
        ? null
        : await this.bastions.resolve(tx, caller, this, { name, reference: bastion, before });
    if (bastionId !== null)
      await this.bastions.refuseOverlap(tx, caller, this, {
        bastionId,
        cidr: spec.cidr,
        id: before?.metadata.id,
      });
    return {
      ...{ name, labels, annotations, cloud, environment, ...columns, bastionId },
      nameservers: nameservers ?? [],
      dhcp: dhcp === null || dhcp === undefined ? Prisma.DbNull : plain(dhcp),
    };
  }
}

/** What a bastion has said of a network holds as long as this does. */
const servedAs = ({ bastion, cidr, dhcpEnabled }: NetworkSpecDto): string =>
  JSON.stringify([bastion, cidr, dhcpEnabled]);

function withDefaults(given: DhcpSettingsDto | null | undefined): Required<DhcpSettingsDto> | null {
  if (given === null || given === undefined) return null;
  const { mode, ranges, exclusions, leaseSeconds } = given;
  return {
    mode: mode ?? DHCP_DEFAULTS.mode,
    ranges: plainRanges(ranges),
    exclusions: plainRanges(exclusions),
    leaseSeconds: leaseSeconds ?? DHCP_DEFAULTS.leaseSeconds,
  };
}

const plainRanges = (ranges: DhcpSettingsDto['ranges'] | null) =>
  (ranges ?? []).map(({ first, last }) => ({ first, last }));
const plain = ({ mode = 'full', leaseSeconds = 0, ranges, exclusions }: DhcpSettingsDto) => ({
  ...{ mode, leaseSeconds },
  ...{ ranges: plainRanges(ranges), exclusions: plainRanges(exclusions) },
});
