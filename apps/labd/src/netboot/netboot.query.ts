import { orderMacs, type OrderableNic } from '@lab/domain';
import type { Database } from '@lab/database';
import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { DATABASE } from '../injection-tokens.js';
import { readable } from '../resources/resource-reference.query.js';
import { ResourceRegistry } from '../resources/resource-registry.js';
import { ORDERABLE_NICS } from '../servers/orderable-nics.js';
import { ServerReferenceQuery } from '../servers/server-reference.query.js';
import type { NetbootDto, NetbootEventDto, ServerLeaseDto } from './netboot.dto.js';

const MOST_EVENTS = 100;
const MOST_LEASES = 100;

interface EventsRow {
  mac: string;
  events: Omit<NetbootEventDto, 'mac'>[];
}

/** What is known of servers' ways to their kernels, by the MAC addresses that they get their orders by. */
@Injectable()
export class NetbootQuery {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly references: ServerReferenceQuery,
    private readonly registry: ResourceRegistry,
  ) {}

  /** Of a server that the caller may read. A constant number of statements. */
  async ofServer(caller: Caller, reference: string): Promise<NetbootDto> {
    const { id } = await this.references.resolve(reference, caller, 'read');
    const [server] = await this.database.client.$queryRaw<{ nics: OrderableNic[] | null }[]>`
      SELECT ${ORDERABLE_NICS} AS nics FROM servers s WHERE s.id = ${id}::UUID`;
    const macs = orderMacs(server?.nics ?? []);
    // Only its own bastion speaks of it; before there is one, those of its place do.
    const rows = await this.database.client.$queryRaw<EventsRow[]>`
      SELECT m.mac, m.events FROM netboot_machines m JOIN bastions b ON b.id = m.bastion_id, servers s
      WHERE s.id = ${id}::UUID AND m.mac = ANY(${macs}::TEXT[]) AND (b.id = s.bastion_id
        OR (s.bastion_id IS NULL AND b.cloud = s.cloud AND b.environment = s.environment))`;
    const events = rows
      .flatMap(({ mac, events }) =>
        events.map(({ at, type, address, text }) => ({ at, type, mac, address, text })),
      )
      .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
    return { events: events.slice(-MOST_EVENTS), leases: await this.#leases(caller, macs) };
  }

  async #leases(caller: Caller, macs: readonly string[]): Promise<ServerLeaseDto[]> {
    const networks = this.registry.storeFor('Network');
    const rows = await this.database.client.$queryRaw<
      (Omit<ServerLeaseDto, 'expiresAt'> & { expires_at: Date | null })[]
    >`
      SELECT r.name AS network, l.address, l.mac, l.expires_at FROM network_leases l JOIN networks r ON r.id = l.network_id
      WHERE l.mac = ANY(${[...macs]}::TEXT[]) AND ${readable(networks, caller)}
      ORDER BY r.name, l.address::INET LIMIT ${MOST_LEASES}`;
    return rows.map(({ expires_at, ...lease }) => ({
      ...lease,
      expiresAt: expires_at?.toISOString() ?? null,
    }));
  }
}
