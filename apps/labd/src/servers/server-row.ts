import { bootOrderProblem, type BootOrder, type BootOrderReport, type NicSettings } from '@lab/domain';
import type { ConditionDto, ServerDto } from './server.dto.js';
import type { DeclaredNicDto } from './server-spec.dto.js';
import type { BootOrderDto, DiskDto, NicDto, SystemDto } from './hardware.dto.js';
import type { OrderWarningDto } from '../provisioning/order.dto.js';
import type { InstallFailureDto, InstallSummaryDto } from '../provisioning/install.dto.js';

/** A server with its bastion and newest install, as `server-list.query.ts` selects it. */
export interface ServerRow {
  id: string;
  name: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  cloud: string;
  environment: string;
  role: string | null;
  phase: string;
  conditions: ConditionDto[];
  arch: string | null;
  cpu_model: string | null;
  cpu_cores: number | null;
  memory_bytes: bigint | null;
  manufacturer: string | null;
  model: string | null;
  serial: string | null;
  smbios_uuid: string | null;
  boot_mode: string | null;
  wanted_boot_order: BootOrder | null;
  boot_order: BootOrderReport | null;
  profile: string | null;
  os_name: string | null;
  kernel_version: string | null;
  addresses: string[];
  host_keys: string[];
  version: number;
  last_seen_at: Date | null;
  created_at: Date;
  updated_at: Date;
  bastion_id: string | null;
  bastion_name: string | null;
  cluster_id: string | null;
  cluster_name: string | null;
  cluster_role: string | null;
  install_id: string | null;
  install_attempt: number;
  install_state: string;
  install_profile: string;
  install_role: string;
  install_hostname: string;
  install_queued_at: Date;
  install_started_at: Date | null;
  install_finished_at: Date | null;
  install_failure: InstallFailureDto | null;
  install_warnings: OrderWarningDto[];
  install_facts: { hostname?: string | null } | null;
  install_stage: string | null;
}

export interface NicRow {
  server_id: string;
  name: string;
  mac: string;
  driver: string | null;
  speed_mbps: number | null;
  link_up: boolean | null;
  addresses: string[];
  boot: boolean;
  network: string | null;
  declared: boolean;
  network_declared: boolean;
  settings: NicSettings | null;
}

export interface DiskRow {
  server_id: string;
  name: string;
  size_bytes: bigint;
  model: string | null;
  serial: string | null;
  wwn: string | null;
  by_id: string | null;
  rotational: boolean | null;
  removable: boolean | null;
  transport: string | null;
  has_data: boolean | null;
}

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

/** The resource as `get` shows it. */
export function toServer(
  row: ServerRow,
  nicRows: readonly NicRow[],
  diskRows: readonly DiskRow[],
): ServerDto {
  const nics = nicRows.map(toNic);
  const bootNic = nics.find((nic) => nic.boot) ?? nics[0];
  const install = toInstallSummary(row);
  return {
    apiVersion: 'lab/v1',
    kind: 'Server',
    metadata: {
      id: row.id,
      name: row.name,
      labels: row.labels,
      annotations: row.annotations,
      version: row.version,
      createdAt: row.created_at.toISOString(),
      updatedAt: row.updated_at.toISOString(),
    },
    spec: {
      role: row.role,
      cloud: row.cloud,
      environment: row.environment,
      bootOrder: row.wanted_boot_order,
      nics: nicRows.filter((nic) => nic.declared).map(toDeclaredNic),
    },
    status: {
      phase: row.phase,
      conditions: row.conditions,
      os: row.phase === 'provisioning' && install !== null ? install.profile : row.profile,
      mac: bootNic?.mac ?? null,
      address: firstAddress(row.addresses) ?? firstAddress(bootNic?.addresses ?? []),
      bastion:
        row.bastion_id !== null && row.bastion_name !== null
          ? { id: row.bastion_id, name: row.bastion_name }
          : null,
      lastSeenAt: iso(row.last_seen_at),
      cluster:
        row.cluster_id !== null && row.cluster_name !== null && row.cluster_role !== null
          ? { id: row.cluster_id, name: row.cluster_name, role: row.cluster_role }
          : null,
      hardware: {
        arch: row.arch,
        cpuModel: row.cpu_model,
        cpuCores: row.cpu_cores,
        memoryBytes: row.memory_bytes === null ? null : Number(row.memory_bytes),
        manufacturer: row.manufacturer,
        model: row.model,
        serial: row.serial,
        smbiosUuid: row.smbios_uuid,
        bootMode: row.boot_mode,
      },
      bootOrder: toBootOrder(row.boot_order),
      nics,
      disks: diskRows.map(toDisk),
      system: toSystem(row),
      install,
    },
  };
}

const toDeclaredNic = ({ mac, name, network, network_declared, settings }: NicRow): DeclaredNicDto => {
  const { nameservers, ...others } = settings ?? {};
  return {
    mac,
    name,
    network: network_declared ? network : null,
    ...others,
    ...(nameservers !== undefined && { nameservers: [...nameservers] }),
  };
};

const toNic = (row: NicRow): NicDto => ({
  name: row.name,
  mac: row.mac,
  driver: row.driver,
  speedMbps: row.speed_mbps,
  linkUp: row.link_up,
  addresses: row.addresses,
  boot: row.boot,
  network: row.network,
});

const toDisk = (row: DiskRow): DiskDto => ({
  name: row.name,
  sizeBytes: Number(row.size_bytes),
  model: row.model,
  serial: row.serial,
  wwn: row.wwn,
  byId: row.by_id,
  rotational: row.rotational,
  removable: row.removable,
  transport: row.transport,
  hasData: row.has_data,
});

function toBootOrder(report: BootOrderReport | null): BootOrderDto | null {
  if (report === null) return null;
  const { asked, outcome, before, after } = report;
  const entries = (all: BootOrderReport['before']) => all?.map((entry) => ({ ...entry })) ?? null;
  const problem = bootOrderProblem(report);
  return {
    ...{ asked, outcome, before: entries(before), after: entries(after) },
    kept: outcome !== 'set' || after === null ? null : problem === undefined,
  };
}

function toSystem(row: ServerRow): SystemDto | null {
  if (row.profile === null) return null;
  return {
    osName: row.os_name,
    kernelVersion: row.kernel_version,
    hostname: row.install_facts?.hostname ?? null,
    addresses: row.addresses,
    hostKeys: row.host_keys,
  };
}

function toInstallSummary(row: ServerRow): InstallSummaryDto | null {
  if (row.install_id === null) return null;
  return {
    id: row.install_id,
    attempt: row.install_attempt,
    state: row.install_state,
    profile: row.install_profile,
    role: row.install_role,
    hostname: row.install_hostname,
    stage: row.install_stage,
    queuedAt: row.install_queued_at.toISOString(),
    startedAt: iso(row.install_started_at),
    finishedAt: iso(row.install_finished_at),
    failure: row.install_failure,
    warnings: row.install_warnings,
  };
}

/** An address to reach it by: the first IPv4 address, else the first of any kind but link-local, without its prefix length. */
function firstAddress(addresses: readonly string[]): string | null {
  const usable = addresses.filter((address) => !/^(fe80:|169\.254\.|127\.|::1)/i.test(address));
  const found = usable.find((address) => !address.includes(':')) ?? usable[0];
  return found?.split('/')[0] ?? null;
}
