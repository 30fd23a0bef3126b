import type { Permission } from '@lab/domain';
import { Prisma, type Database, type TransactionClient } from '@lab/database';
import { Inject, Injectable } from '@nestjs/common';
import type { PageCursor } from '../http/page-cursor.js';
import { DATABASE } from '../injection-tokens.js';
import { serversGrantedBy } from '../rbac/grants-filter.js';
import type { ServerDto } from './server.dto.js';
import { toServer, type DiskRow, type NicRow, type ServerRow } from './server-row.js';

/** What a list is narrowed by; undefined doesn't narrow. */
export interface ServerFilter {
  role?: string | undefined;
  phase?: string | undefined;
  cloud?: string | undefined;
  environment?: string | undefined;
  /** Name or ID. */
  bastion?: string | undefined;
}

const SELECT_SERVERS = Prisma.sql`
  SELECT s.id, s.name, s.labels, s.annotations, s.cloud, s.environment, s.role, s.phase, s.conditions, s.arch,
    s.cpu_model, s.cpu_cores, s.memory_bytes, s.manufacturer, s.model, s.serial, s.smbios_uuid, s.boot_mode, s.profile,
    s.os_name, s.kernel_version, s.addresses, s.host_keys, s.version, s.last_seen_at, s.created_at, s.updated_at,
    b.id AS bastion_id, b.name AS bastion_name,
    i.id AS install_id, i.attempt AS install_attempt, i.state AS install_state, i.profile AS install_profile,
    i.role AS install_role, i.hostname AS install_hostname, i.queued_at AS install_queued_at,
    i.started_at AS install_started_at, i.finished_at AS install_finished_at, i.failure AS install_failure,
    i.facts AS install_facts,
    (SELECT st.name FROM install_stages st WHERE st.install_id = i.id AND st.started_at IS NOT NULL
      ORDER BY (st.state = 'running') DESC, st.position DESC LIMIT 1) AS install_stage
  FROM servers s
  LEFT JOIN bastions b ON b.id = s.bastion_id
  LEFT JOIN installs i ON i.id = s.current_install_id`;

/** Reads of servers as resources: three statements, however many they are. */
@Injectable()
export class ServerListQuery {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** A page in the order of names, of what the grants let the caller read. */
  page(
    grants: readonly Permission[],
    filter: ServerFilter,
    limit: number,
    after: PageCursor | undefined,
  ): Promise<ServerDto[]> {
    const conditions = [serversGrantedBy(grants, 'read'), ...filterConditions(filter)];
    if (after !== undefined) {
      const [name, id] = after;
      conditions.push(Prisma.sql`(s.name, s.id) > (${name}, ${id}::UUID)`);
    }
    return this.#select(
      this.database.client,
      Prisma.sql`${SELECT_SERVERS} WHERE ${Prisma.join(conditions, ' AND ')} ORDER BY s.name, s.id LIMIT ${limit}`,
    );
  }

  /** The servers with these IDs; `tx` to see what a transaction has just written. */
  byIds(ids: readonly string[], tx: TransactionClient = this.database.client): Promise<ServerDto[]> {
    if (ids.length === 0) return Promise.resolve([]);
    return this.#select(
      tx,
      Prisma.sql`${SELECT_SERVERS} WHERE s.id = ANY(${ids}::UUID[]) ORDER BY s.name, s.id`,
    );
  }

  async #select(tx: TransactionClient, statement: Prisma.Sql): Promise<ServerDto[]> {
    const rows = await tx.$queryRaw<ServerRow[]>(statement);
    const ids = rows.map((row) => row.id);
    const nics = await tx.$queryRaw<NicRow[]>`
      SELECT n.server_id, n.name, n.mac, n.driver, n.speed_mbps, n.link_up, n.addresses, n.boot, w.name AS network
      FROM server_nics n LEFT JOIN networks w ON w.id = n.network_id
      WHERE n.server_id = ANY(${ids}::UUID[]) ORDER BY n.name, n.mac`;
    const disks = await tx.$queryRaw<DiskRow[]>`
      SELECT server_id, name, size_bytes, model, serial, wwn, by_id, rotational, removable, transport, has_data
      FROM server_disks WHERE server_id = ANY(${ids}::UUID[]) ORDER BY name`;
    const nicsOf = byServer(nics);
    const disksOf = byServer(disks);
    return rows.map((row) => toServer(row, nicsOf.get(row.id) ?? [], disksOf.get(row.id) ?? []));
  }
}

/** Rows of a server's part, by the server. */
export function byServer<T extends { server_id: string }>(rows: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(row.server_id);
    if (group === undefined) groups.set(row.server_id, [row]);
    else group.push(row);
  }
  return groups;
}

function filterConditions(filter: ServerFilter): Prisma.Sql[] {
  const { role, phase, cloud, environment, bastion } = filter;
  return [
    ...(role === undefined ? [] : [Prisma.sql`s.role = ${role}`]),
    ...(phase === undefined ? [] : [Prisma.sql`s.phase = ${phase}`]),
    ...(cloud === undefined ? [] : [Prisma.sql`s.cloud = ${cloud}`]),
    ...(environment === undefined ? [] : [Prisma.sql`s.environment = ${environment}`]),
    ...(bastion === undefined ? [] : [Prisma.sql`(b.name = ${bastion} OR b.id::TEXT = ${bastion})`]),
  ];
}
