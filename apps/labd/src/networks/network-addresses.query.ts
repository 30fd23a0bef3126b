import { LabError, isIpAddress } from '@lab/domain';
import type { Database } from '@lab/database';
import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { DATABASE } from '../injection-tokens.js';
import type { ListOf } from '../resources/resource-api.js';
import { DEFAULT_PAGE } from '../resources/resource-list.js';
import { readable } from '../resources/resource-reference.query.js';
import { ResourceQuery } from '../resources/resource.query.js';
import { ResourceRegistry } from '../resources/resource-registry.js';
import type { NamedRefDto } from '../resources/resource.dto.js';
import { DECLARED_ADDRESS } from '../servers/network-membership.repository.js';
import type { AddressPageQueryDto, NetworkLeaseDto, NetworkReservationDto } from './network-addresses.dto.js';

interface LeaseRow {
  address: string;
  mac: string;
  hostname: string | null;
  expires_at: Date | null;
}

/** Who has which address in a network, by address. A constant number of statements. */
@Injectable()
export class NetworkAddressesQuery {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly resources: ResourceQuery,
    private readonly registry: ResourceRegistry,
  ) {}

  async leases(caller: Caller, ref: string, query: AddressPageQueryDto): Promise<ListOf<NetworkLeaseDto>> {
    const { id, after, limit } = await this.#asked(caller, ref, query);
    const rows = await this.database.client.$queryRaw<LeaseRow[]>`
      SELECT l.address, l.mac, l.hostname, l.expires_at FROM network_leases l
      WHERE l.network_id = ${id}::UUID AND l.address::INET > ${after}::INET
      ORDER BY l.address::INET LIMIT ${limit + 1}`;
    const page = pageOf(rows, limit);
    const servers = await this.#serversOf(
      caller,
      page.items.map(({ mac }) => mac),
    );
    return {
      ...page,
      items: page.items.map(({ address, mac, hostname, expires_at }) => ({
        ...{ address, mac, hostname },
        server: servers.get(mac) ?? null,
        expiresAt: expires_at?.toISOString() ?? null,
      })),
    };
  }

  async reservations(
    caller: Caller,
    ref: string,
    query: AddressPageQueryDto,
  ): Promise<ListOf<NetworkReservationDto>> {
    const { id, after, limit } = await this.#asked(caller, ref, query);
    const mayRead = readable(this.registry.storeFor('Server'), caller);
    const rows = await this.database.client.$queryRaw<
      { address: string; mac: string; server_id: string | null; server: string | null }[]
    >`
      SELECT ${DECLARED_ADDRESS} AS address, n.mac, CASE WHEN ${mayRead} THEN r.id END AS server_id,
        CASE WHEN ${mayRead} THEN r.name END AS server
      FROM networks w JOIN server_nics n ON n.network_id = w.id JOIN servers r ON r.id = n.server_id
      WHERE w.id = ${id}::UUID AND n.settings->>'address' IS NOT NULL
        AND ${DECLARED_ADDRESS}::INET <<= w.cidr::INET AND ${DECLARED_ADDRESS}::INET > ${after}::INET
      ORDER BY ${DECLARED_ADDRESS}::INET LIMIT ${limit + 1}`;
    const page = pageOf(rows, limit);
    return {
      ...page,
      items: page.items.map(({ address, mac, server_id, server }) => ({
        ...{ address, mac },
        server: server_id === null || server === null ? null : { id: server_id, name: server },
      })),
    };
  }

  async #asked(caller: Caller, ref: string, query: AddressPageQueryDto) {
    const after = query.continue ?? '0.0.0.0';
    if (!isIpAddress(after)) {
      const message = 'is not a cursor of this list';
      throw new LabError('invalid', `continue: ${message}`, {
        hint: 'Pass metadata.continue of the page before as it is, or start again without it.',
        errors: [{ path: 'continue', message }],
      });
    }
    const { metadata } = await this.resources.get(this.registry.storeFor('Network'), caller, ref);
    return { id: metadata.id, after, limit: query.limit ?? DEFAULT_PAGE };
  }

  /** By MAC; of several with one, that which booted from it or was declared with it. */
  async #serversOf(caller: Caller, macs: readonly string[]): Promise<Map<string, NamedRefDto>> {
    const rows = await this.database.client.$queryRaw<(NamedRefDto & { mac: string })[]>`
      SELECT DISTINCT ON (n.mac) n.mac, r.id, r.name FROM server_nics n JOIN servers r ON r.id = n.server_id
      WHERE n.mac = ANY(${[...macs]}::TEXT[]) AND ${readable(this.registry.storeFor('Server'), caller)}
      ORDER BY n.mac, n.boot DESC, n.declared DESC, r.name`;
    return new Map(rows.map(({ mac, id, name }) => [mac, { id, name }]));
  }
}

function pageOf<Row extends { address: string }>(rows: readonly Row[], limit: number): ListOf<Row> {
  const items = rows.slice(0, limit);
  const next = rows.length > limit ? (items.at(-1)?.address ?? null) : null;
  return { apiVersion: 'lab/v1', kind: 'List', metadata: { continue: next }, items };
}
