import type { TransactionClient } from '@lab/database';
import { Injectable } from '@nestjs/common';
import { byServer } from './server-list.query.js';
import { namesFor, type MachineRecord, type RecordedNic } from './machine-registry.js';
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
  last_seen_at: Date | null;
  memory_bytes: bigint | null;
}
type NicRow = RecordedNic & { server_id: string };
type DiskRow = Omit<ReportedDisk, 'size_bytes'> & { server_id: string; size_bytes: bigint };

/** Reads and writes servers in bulk, a statement a table. */
@Injectable()
export class MachinesRepository {
  /** The servers that share a UUID, a serial number or a MAC with one of the machines. */
  async findSimilar(tx: TransactionClient, machines: readonly ReportedMachine[]): Promise<MachineRecord[]> {
    const uuids = machines.flatMap(({ uuid }) => (uuid === null ? [] : [uuid]));
    const serials = machines.flatMap(({ serial }) => (serial === null ? [] : [serial]));
    const macs = machines.flatMap((machine) => machine.macs);
    const servers = await tx.$queryRaw<ServerRow[]>`
      SELECT id, name, version, phase, cloud, environment, bastion_id, conditions, last_seen_at, arch, cpu_model,
        cpu_cores, memory_bytes, manufacturer, model, serial, smbios_uuid, boot_mode
      FROM servers
      WHERE smbios_uuid = ANY(${uuids}::TEXT[]) OR serial = ANY(${serials}::TEXT[])
        OR id IN (SELECT server_id FROM server_nics WHERE mac = ANY(${macs}::TEXT[]))
      ORDER BY created_at, id`;
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
    records.map(({ hardware, bastionId, lastSeenAt, nics: _, disks: __, ...record }) => ({
      ...record,
      ...hardware,
      bastion_id: bastionId,
      last_seen_at: lastSeenAt,
    })),
  );
