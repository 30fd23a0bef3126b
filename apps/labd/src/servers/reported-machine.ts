import { isInterfaceAddress, isRealDisk, telling } from '@lab/domain';
import type { Machine } from '@lab/protocol';

/** A machine as a bastion reported it, in the shape of our tables. */
export interface ReportedMachine {
  /** Lower case; null if unknown, or one that tells nothing. */
  uuid: string | null;
  serial: string | null;
  bootMac: string;
  seenAt: Date;
  hardware: ReportedHardware;
  nics: readonly ReportedNic[];
  disks: readonly ReportedDisk[];
}

/** Names are those of the columns. */
export interface ReportedHardware {
  arch: string | null;
  cpu_model: string | null;
  cpu_cores: number | null;
  memory_bytes: number | null;
  manufacturer: string | null;
  model: string | null;
  serial: string | null;
  smbios_uuid: string | null;
  boot_mode: string | null;
}

export interface ReportedNic {
  name: string;
  mac: string;
  driver: string | null;
  speed_mbps: number | null;
  link_up: boolean | null;
  addresses: readonly string[];
  boot: boolean;
}

export interface ReportedDisk {
  name: string;
  size_bytes: number;
  model: string | null;
  serial: string | null;
  wwn: string | null;
  by_id: string | null;
  rotational: boolean | null;
  removable: boolean;
  transport: string | null;
  has_data: boolean | null;
}

const INT4_MAX = 2_147_483_647;
const int4 = (value: number | null): number | null => (value !== null && value <= INT4_MAX ? value : null);

/** Group and null addresses are no NIC's. */
const isNicAddress = (mac: string): boolean =>
  (Number.parseInt(mac.slice(0, 2), 16) & 1) === 0 && mac !== '00:00:00:00:00:00';

/** What we keep of a report: each MAC and each disk once, the NIC that booted always among them. */
export function reportedMachine(machine: Machine, seenAt: Date): ReportedMachine {
  const uuid = telling(machine.uuid)?.toLowerCase() ?? null;
  const serial = telling(machine.serial);
  const nics = new Map<string, ReportedNic>();
  for (const nic of machine.nics) {
    if (!isNicAddress(nic.mac) || nics.has(nic.mac)) continue; // VLANs and bonds repeat the MAC of what they are on
    const { name, mac, driver, speedMbps, linkUp, addresses } = nic;
    nics.set(mac, {
      name,
      mac,
      driver,
      speed_mbps: int4(speedMbps),
      link_up: linkUp,
      addresses: addresses.filter(isInterfaceAddress),
      boot: mac === machine.mac,
    });
  }
  if (isNicAddress(machine.mac) && !nics.has(machine.mac)) {
    const unknown = { driver: null, speed_mbps: null, link_up: null, addresses: [] };
    nics.set(machine.mac, { name: 'boot', mac: machine.mac, boot: true, ...unknown });
  }
  const disks = new Map<string, ReportedDisk>();
  for (const disk of machine.disks) {
    if (disks.has(disk.name) || !isRealDisk(disk.name)) continue;
    const {
      name,
      sizeBytes,
      byId,
      hasData,
      model,
      serial: diskSerial,
      wwn,
      rotational,
      removable,
      transport,
    } = disk;
    disks.set(name, {
      name,
      size_bytes: sizeBytes,
      model,
      serial: diskSerial,
      wwn,
      by_id: byId,
      rotational,
      removable,
      transport,
      has_data: hasData,
    });
  }
  return {
    uuid,
    serial,
    bootMac: machine.mac,
    seenAt,
    hardware: {
      arch: machine.arch,
      cpu_model: machine.cpuModel,
      cpu_cores: int4(machine.cpuCores),
      memory_bytes: machine.memoryBytes,
      manufacturer: machine.manufacturer,
      model: machine.model,
      serial,
      smbios_uuid: uuid,
      boot_mode: machine.bootMode,
    },
    nics: [...nics.values()],
    disks: [...disks.values()],
  };
}
