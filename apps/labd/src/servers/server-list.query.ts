import { Prisma, type Database, type TransactionClient, type SqlReader } from '@lab/database';
import { Inject, Injectable } from '@nestjs/common';
import { DATABASE } from '../injection-tokens.js';
import type { ServerDto } from './server.dto.js';
import { toServer, type DiskRow, type NicRow, type ServerRow } from './server-row.js';

/** The servers `r` with their bastions `b`, clusters `c` and newest installs `i`. */
export const FROM_SERVERS = Prisma.sql`servers r
  LEFT JOIN bastions b ON b.id = r.bastion_id
  LEFT JOIN cluster_members m ON m.server_id = r.id
  LEFT JOIN clusters c ON c.id = m.cluster_id
  LEFT JOIN installs i ON i.id = r.current_install_id`;

const selectServers = (stage: Prisma.Sql): Prisma.Sql => Prisma.sql`
  SELECT r.id, r.name, r.labels, r.annotations, r.cloud, r.environment, r.role, r.phase, r.conditions, r.arch,
    r.cpu_model, r.cpu_cores, r.memory_bytes, r.manufacturer, r.model, r.serial, r.smbios_uuid, r.boot_mode, r.wanted_boot_order, r.boot_order, r.profile,
    r.os_name, r.kernel_version, r.addresses, r.host_keys, r.version, r.last_seen_at, r.created_at, r.updated_at,
    b.id AS bastion_id, b.name AS bastion_name, c.id AS cluster_id, c.name AS cluster_name, m.role AS cluster_role,
    i.id AS install_id, i.attempt AS install_attempt, i.state AS install_state, i.profile AS install_profile,
    i.role AS install_role, i.hostname AS install_hostname, i.queued_at AS install_queued_at,
    i.started_at AS install_started_at, i.finished_at AS install_finished_at, i.failure AS install_failure,
    i.facts AS install_facts, i.warnings AS install_warnings,
    ${stage} AS install_stage
  FROM ${FROM_SERVERS}`;

/** The stage that runs, else the last that ran: a look-up a row. */
const STAGE = Prisma.sql`(SELECT st.name FROM install_stages st WHERE st.install_id = i.id AND st.started_at IS NOT NULL
      ORDER BY (st.state = 'running') DESC, st.position DESC LIMIT 1)`;
const SELECT_SERVERS = selectServers(STAGE);
const SELECT_WITHOUT_STAGE = selectServers(Prisma.sql`NULL`);

/** Reads of servers as resources: three statements, however many they are. */
@Injectable()
export class ServerListQuery {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** The servers with these IDs, by name; `tx` to see what a transaction has just written. */
  byIds(ids: readonly string[], tx: TransactionClient = this.database.client): Promise<ServerDto[]> {
    if (ids.length === 0) return Promise.resolve([]);
    return this.select(tx, Prisma.sql`WHERE r.id = ANY(${[...ids]}::UUID[]) ORDER BY r.name, r.id`);
  }

  /** Those that `tail` selects. NICs and disks are only read if `fields` may show something of them. */
  async select(tx: SqlReader, tail: Prisma.Sql, fields?: readonly string[]): Promise<ServerDto[]> {
    const columns = shows(fields, INSTALL_FIELDS) ? SELECT_SERVERS : SELECT_WITHOUT_STAGE;
    const rows = await tx.$queryRaw<ServerRow[]>`${columns} ${tail}`;
    const ids = rows.map((row) => row.id);
    const nics = await this.#nics(tx, ids, fields);
    const disks = !shows(fields, DISK_FIELDS)
      ? []
      : await tx.$queryRaw<DiskRow[]>`
      SELECT server_id, name, size_bytes, model, serial, wwn, by_id, rotational, removable, transport, has_data
      FROM server_disks WHERE server_id = ANY(${ids}::UUID[]) ORDER BY name`;
    const nicsOf = byServer(nics);
    const disksOf = byServer(disks);
    return rows.map((row) => toServer(row, nicsOf.get(row.id) ?? [], disksOf.get(row.id) ?? []));
  }

  /** As much of them as is shown: a table shows no more than the MAC of the one that booted. */
  async #nics(tx: SqlReader, ids: readonly string[], fields?: readonly string[]): Promise<NicRow[]> {
    if (shows(fields, NIC_FIELDS)) {
      return tx.$queryRaw<NicRow[]>`
      SELECT n.server_id, n.name, n.mac, n.driver, n.speed_mbps, n.link_up, n.addresses, n.boot, n.declared,
        n.network_declared, n.settings, w.name AS network
      FROM server_nics n LEFT JOIN networks w ON w.id = n.network_id
      WHERE n.server_id = ANY(${ids}::UUID[]) ORDER BY n.name, n.mac`;
    }
    if (!shows(fields, BOOT_NIC_FIELDS)) return [];
    const booted = await tx.$queryRaw<Pick<NicRow, 'server_id' | 'mac' | 'addresses'>[]>`
      SELECT DISTINCT ON (server_id) server_id, mac, addresses FROM server_nics
      WHERE server_id = ANY(${ids}::UUID[]) ORDER BY server_id, boot DESC, name, mac`;
    return booted.map((row) => ({ ...UNREAD, ...row }));
  }
}

/** Columns that were not asked for. */
const UNREAD: Omit<NicRow, 'server_id' | 'mac' | 'addresses'> = {
  ...{ name: '', driver: null, speed_mbps: null, link_up: null, boot: true, network: null },
  ...{ declared: false, network_declared: false, settings: null },
};

/** What is made of rows of other tables. */
const NIC_FIELDS = ['spec.nics', 'status.nics'];
const BOOT_NIC_FIELDS = ['status.mac', 'status.address'];
const DISK_FIELDS = ['status.disks'];
const INSTALL_FIELDS = ['status.install'];

const shows = (fields: readonly string[] | undefined, parts: readonly string[]): boolean =>
  fields === undefined ||
  fields.some((field) => parts.some((part) => within(part, field) || within(field, part)));

const within = (path: string, parent: string): boolean => path === parent || path.startsWith(`${parent}.`);

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
