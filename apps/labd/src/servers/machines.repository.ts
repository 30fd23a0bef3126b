import type { TransactionClient } from '@lab/database';
import { MOST_HOLDERS } from '@lab/domain';
import { Injectable } from '@nestjs/common';
import { byServer } from './server-list.query.js';
import { signsOf, type MachineRecord, type RecordedNic, type Signs } from './machine-record.js';
import { namesFor } from './machine-registry.js';
import { MOST_RELATED } from './record-index.js';
import type { ReportedDisk, ReportedHardware, ReportedMachine } from './reported-machine.js';
import type { ConditionDto } from './server.dto.js';

interface ServerRow extends Omit<ReportedHardware, 'memory_bytes'> {
  id: string;
  name: string;
  version: number;
  phase: string;
  cloud: string;
  environment: string;
  bastion_id: string | null;
  conditions: ConditionDto[];
  created_at: Date;
  last_seen_at: Date | null;
  memory_bytes: bigint | null;
}
type NicRow = RecordedNic & { server_id: string };
type DiskRow = Omit<ReportedDisk, 'size_bytes'> & { server_id: string; size_bytes: bigint };

/** Reads and writes servers in bulk, a statement a table. */
@Injectable()
export class MachinesRepository {
  /**
   * The servers that share something with one of the machines, those that share something with these, and once more: what is
   * to be stated of a server is known with its whole neighbourhood. Few of each group, however large it is.
   */
  async findSimilar(tx: TransactionClient, machines: readonly ReportedMachine[]): Promise<MachineRecord[]> {
    const own = await this.#read(tx, [
      ...new Set([...(await this.#holders(tx, machines)), ...(await this.#related(tx, signsOf(machines)))]),
    ]);
    return this.#neighbourhood(tx, own);
  }

  /** The servers with these signs, with their neighbourhood. */
  async findRelated(tx: TransactionClient, signs: Signs): Promise<MachineRecord[]> {
    return this.#neighbourhood(tx, await this.#read(tx, await this.#related(tx, signs)));
  }

  /** Locks the servers with these signs, so that what is written of them rests on what they are. */
  async lockRelated(tx: TransactionClient, signs: Signs): Promise<void> {
    const ids = await this.#related(tx, signs);
    if (ids.length === 0) return;
    await tx.$queryRaw`SELECT id FROM servers WHERE id = ANY(${ids}::UUID[]) ORDER BY id FOR UPDATE`;
  }

  /** These servers, and no others. */
  byIds(tx: TransactionClient, ids: readonly string[]): Promise<MachineRecord[]> {
    return this.#read(tx, ids);
  }

  async #neighbourhood(tx: TransactionClient, own: readonly MachineRecord[]): Promise<MachineRecord[]> {
    const found = new Map(own.map((record) => [record.id, record]));
    let edge = own;
    for (let step = 0; step < 2 && edge.length > 0; step += 1) {
      const ids = await this.#related(tx, signsOf(edge));
      edge = await this.#read(
        tx,
        ids.filter((id) => !found.has(id)),
      );
      for (const record of edge) found.set(record.id, record);
    }
    return [...found.values()];
  }

  /** Servers that have the MACs that the machines booted from: the one that owns it first, then those that are most like it. */
  async #holders(tx: TransactionClient, machines: readonly ReportedMachine[]): Promise<string[]> {
    const booted = machines.map(({ bootMac, uuid, serial }) => ({ mac: bootMac, uuid, serial }));
    const rows = await tx.$queryRaw<{ id: string }[]>`
      SELECT DISTINCT h.server_id AS id
      FROM jsonb_to_recordset(${JSON.stringify(booted)}::JSONB) AS m(mac TEXT, uuid TEXT, serial TEXT)
      CROSS JOIN LATERAL (
        SELECT n.server_id FROM server_nics n JOIN servers s ON s.id = n.server_id WHERE n.mac = m.mac
        ORDER BY (n.boot OR n.declared) DESC, COALESCE(s.smbios_uuid = m.uuid, FALSE) DESC,
          COALESCE(s.serial = m.serial, FALSE) DESC, n.server_id
        LIMIT ${MOST_HOLDERS}) h`;
    return rows.map(({ id }) => id);
  }

  /** A few servers for each sign. */
  async #related(tx: TransactionClient, { uuids, serials, macs, disks }: Signs): Promise<string[]> {
    const rows = await tx.$queryRaw<{ id: string }[]>`
      SELECT f.id FROM unnest(${[...uuids]}::TEXT[]) AS v(value) CROSS JOIN LATERAL (
        SELECT s.id FROM servers s WHERE s.smbios_uuid = v.value ORDER BY s.id LIMIT ${MOST_RELATED}) f
      UNION SELECT f.id FROM unnest(${[...serials]}::TEXT[]) AS v(value) CROSS JOIN LATERAL (
        SELECT s.id FROM servers s WHERE s.serial = v.value ORDER BY s.id LIMIT ${MOST_RELATED}) f
      UNION SELECT f.id FROM unnest(${[...macs]}::TEXT[]) AS v(value) CROSS JOIN LATERAL (
        SELECT n.server_id AS id FROM server_nics n WHERE n.mac = v.value
        ORDER BY n.boot DESC, n.server_id DESC LIMIT ${MOST_RELATED}) f
      UNION SELECT f.id FROM unnest(${[...disks]}::TEXT[]) AS v(value) CROSS JOIN LATERAL (
        SELECT d.server_id AS id FROM server_disks d WHERE d.wwn = v.value ORDER BY d.server_id LIMIT ${MOST_RELATED}) f
      UNION SELECT f.id FROM unnest(${[...disks]}::TEXT[]) AS v(value) CROSS JOIN LATERAL (
        SELECT d.server_id AS id FROM server_disks d WHERE d.serial = v.value ORDER BY d.server_id LIMIT ${MOST_RELATED}) f`;
    return rows.map(({ id }) => id);
  }

  async #read(tx: TransactionClient, wanted: readonly string[]): Promise<MachineRecord[]> {
    if (wanted.length === 0) return [];
    const servers = await tx.$queryRaw<ServerRow[]>`
      SELECT id, name, version, phase, cloud, environment, bastion_id, conditions, created_at, last_seen_at, arch,
        cpu_model, cpu_cores, memory_bytes, manufacturer, model, serial, smbios_uuid, boot_mode
      FROM servers WHERE id = ANY(${[...wanted]}::UUID[]) ORDER BY created_at, id`;
    const ids = servers.map((server) => server.id);
    const nics = await tx.$queryRaw<NicRow[]>`
      SELECT server_id, name, mac, driver, speed_mbps, link_up, addresses, boot, network_id, network_declared, declared,
        reported, settings
      FROM server_nics WHERE server_id = ANY(${ids}::UUID[]) ORDER BY mac`;
    const disks = await tx.$queryRaw<DiskRow[]>`
      SELECT server_id, name, size_bytes, model, serial, wwn, by_id, rotational, removable, transport, has_data
      FROM server_disks WHERE server_id = ANY(${ids}::UUID[]) ORDER BY name`;
    const nicsOf = byServer(nics);
    const disksOf = byServer(disks);
    return servers.map((row): MachineRecord => {
      const {
        id,
        name,
        version,
        phase,
        cloud,
        environment,
        bastion_id,
        conditions,
        created_at,
        last_seen_at,
        ...hardware
      } = row;
      return {
        id,
        name,
        version,
        phase,
        cloud,
        environment,
        bastionId: bastion_id,
        conditions,
        createdAt: created_at,
        lastSeenAt: last_seen_at ?? new Date(0),
        hardware: {
          ...hardware,
          memory_bytes: hardware.memory_bytes === null ? null : Number(hardware.memory_bytes),
        },
        nics: (nicsOf.get(id) ?? []).map(({ server_id: _, ...nic }) => nic),
        disks: (disksOf.get(id) ?? []).map(({ server_id: _, ...disk }) => ({
          ...disk,
          size_bytes: Number(disk.size_bytes),
        })),
      };
    });
  }

  /** Which of the names that the machines might get are in use. */
  async takenNames(tx: TransactionClient, machines: readonly ReportedMachine[]): Promise<Set<string>> {
    const names = machines.flatMap((machine) => namesFor(machine.bootMac));
    const rows = await tx.server.findMany({ where: { name: { in: names } }, select: { name: true } });
    return new Set(rows.map((row) => row.name));
  }

  async insert(tx: TransactionClient, records: readonly MachineRecord[], now: Date): Promise<void> {
    if (records.length === 0) return;
    await tx.$executeRaw`
      INSERT INTO servers (id, name, version, phase, cloud, environment, bastion_id, conditions, last_seen_at, arch,
        cpu_model, cpu_cores, memory_bytes, manufacturer, model, serial, smbios_uuid, boot_mode, created_at, updated_at)
      SELECT v.id, v.name, v.version, v.phase, v.cloud, v.environment, v.bastion_id, v.conditions, v.last_seen_at, v.arch,
        v.cpu_model, v.cpu_cores, v.memory_bytes, v.manufacturer, v.model, v.serial, v.smbios_uuid, v.boot_mode,
        ${now}, ${now}
      FROM jsonb_to_recordset(${rowsOf(records)}::JSONB) AS v(id UUID, name TEXT, version INT4, phase TEXT, cloud TEXT,
        environment TEXT, bastion_id UUID, conditions JSONB, last_seen_at TIMESTAMPTZ, arch TEXT, cpu_model TEXT,
        cpu_cores INT4, memory_bytes INT8, manufacturer TEXT, model TEXT, serial TEXT, smbios_uuid TEXT, boot_mode TEXT)`;
    await this.#insertParts(tx, records);
  }

  async update(tx: TransactionClient, records: readonly MachineRecord[], now: Date): Promise<void> {
    if (records.length === 0) return;
    await tx.$executeRaw`
      UPDATE servers SET version = v.version, bastion_id = v.bastion_id, conditions = v.conditions,
        last_seen_at = v.last_seen_at, arch = v.arch, cpu_model = v.cpu_model, cpu_cores = v.cpu_cores,
        memory_bytes = v.memory_bytes, manufacturer = v.manufacturer, model = v.model, serial = v.serial,
        smbios_uuid = v.smbios_uuid, boot_mode = v.boot_mode, updated_at = ${now}
      FROM jsonb_to_recordset(${rowsOf(records)}::JSONB) AS v(id UUID, version INT4, bastion_id UUID, conditions JSONB,
        last_seen_at TIMESTAMPTZ, arch TEXT, cpu_model TEXT, cpu_cores INT4, memory_bytes INT8, manufacturer TEXT,
        model TEXT, serial TEXT, smbios_uuid TEXT, boot_mode TEXT)
      WHERE servers.id = v.id`;
    const ids = records.map((record) => record.id);
    await tx.serverNic.deleteMany({ where: { serverId: { in: ids } } });
    await tx.serverDisk.deleteMany({ where: { serverId: { in: ids } } });
    await this.#insertParts(tx, records);
  }

  /** What is stated of them, and nothing else. */
  async writeConditions(tx: TransactionClient, records: readonly MachineRecord[], now: Date): Promise<void> {
    if (records.length === 0) return;
    const rows = records.map(({ id, conditions }) => ({ id, conditions }));
    await tx.$executeRaw`
      UPDATE servers SET version = servers.version + 1, conditions = v.conditions, updated_at = ${now}
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::JSONB) AS v(id UUID, conditions JSONB)
      WHERE servers.id = v.id`;
  }

  async touch(tx: TransactionClient, records: readonly MachineRecord[]): Promise<void> {
    if (records.length === 0) return;
    const rows = records.map(({ id, lastSeenAt }) => ({ id, last_seen_at: lastSeenAt }));
    await tx.$executeRaw`
      UPDATE servers SET last_seen_at = v.last_seen_at
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::JSONB) AS v(id UUID, last_seen_at TIMESTAMPTZ)
      WHERE servers.id = v.id`;
  }

  async #insertParts(tx: TransactionClient, records: readonly MachineRecord[]): Promise<void> {
    const nics = records.flatMap(({ id, nics }) => nics.map((nic) => ({ server_id: id, ...nic })));
    const disks = records.flatMap(({ id, disks }) => disks.map((disk) => ({ server_id: id, ...disk })));
    if (nics.length > 0) {
      await tx.$executeRaw`
        INSERT INTO server_nics (server_id, name, mac, driver, speed_mbps, link_up, addresses, boot, network_id,
          network_declared, declared, reported, settings)
        SELECT v.server_id, v.name, v.mac, v.driver, v.speed_mbps, v.link_up,
          ARRAY(SELECT jsonb_array_elements_text(v.addresses)), v.boot, v.network_id,
          v.network_declared, v.declared, v.reported,
          NULLIF(v.settings, 'null'::JSONB)
        FROM jsonb_to_recordset(${JSON.stringify(nics)}::JSONB) AS v(server_id UUID, name TEXT, mac TEXT, driver TEXT,
          speed_mbps INT4, link_up BOOLEAN, addresses JSONB, boot BOOLEAN, network_id UUID,
          network_declared BOOLEAN, declared BOOLEAN, reported BOOLEAN, settings JSONB)`;
    }
    if (disks.length > 0) {
      await tx.$executeRaw`
        INSERT INTO server_disks (server_id, name, size_bytes, model, serial, wwn, by_id, rotational, removable,
          transport, has_data)
        SELECT v.server_id, v.name, v.size_bytes, v.model, v.serial, v.wwn, v.by_id, v.rotational, v.removable,
          v.transport, v.has_data
        FROM jsonb_to_recordset(${JSON.stringify(disks)}::JSONB) AS v(server_id UUID, name TEXT, size_bytes INT8,
          model TEXT, serial TEXT, wwn TEXT, by_id TEXT, rotational BOOLEAN, removable BOOLEAN, transport TEXT,
          has_data BOOLEAN)`;
    }
  }
}

const rowsOf = (records: readonly MachineRecord[]): string =>
  JSON.stringify(
    records.map(({ hardware, bastionId, lastSeenAt, createdAt: _, nics: __, disks: ___, ...record }) => ({
      ...record,
      ...hardware,
      bastion_id: bastionId,
      last_seen_at: lastSeenAt,
    })),
  );
