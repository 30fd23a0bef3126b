import { diskNumbers, type ComparedServer, type MacHolder, type NicSettings } from '@lab/domain';
import type { ReportedDisk, ReportedHardware, ReportedNic } from './reported-machine.js';
import type { ConditionDto } from './server.dto.js';

/** A server as far as reports of its machine concern it. */
export interface MachineRecord {
  id: string;
  name: string;
  version: number;
  phase: string;
  cloud: string;
  environment: string;
  bastionId: string | null;
  conditions: readonly ConditionDto[];
  createdAt: Date;
  lastSeenAt: Date;
  hardware: ReportedHardware;
  nics: readonly RecordedNic[];
  disks: readonly ReportedDisk[];
}

/** A NIC with what people declared of it, which reports leave alone. */
export interface RecordedNic extends ReportedNic {
  network_id: string | null;
  network_declared: boolean;
  declared: boolean;
  reported: boolean;
  settings: NicSettings | null;
}

/** The MACs that order it: what it booted from last, and what a person declared. */
export const ownMacsOf = ({ nics }: MachineRecord): string[] =>
  nics.filter(({ boot, declared }) => boot || declared).map(({ mac }) => mac);

/** As the decision sees it which server a machine is. */
export const holderOf = (record: MachineRecord): MacHolder => ({
  id: record.id,
  cloud: record.cloud,
  environment: record.environment,
  bastionId: record.bastionId,
  uuid: record.hardware.smbios_uuid,
  serial: record.hardware.serial,
  nics: record.nics,
  disks: record.disks,
  ownMacs: ownMacsOf(record),
  isOrdered: record.phase === 'provisioning',
});

/** As it is compared with others. */
export const comparedOf = (record: MachineRecord): ComparedServer => ({
  id: record.id,
  name: record.name,
  cloud: record.cloud,
  environment: record.environment,
  uuid: record.hardware.smbios_uuid,
  serial: record.hardware.serial,
  macs: record.nics.map(({ mac }) => mac),
  ownMacs: ownMacsOf(record),
  disks: diskNumbers(record),
  createdAt: record.createdAt,
  lastSeenAt: record.lastSeenAt,
});

/** What servers may have in common, by kind. */
export interface Signs {
  uuids: readonly string[];
  serials: readonly string[];
  macs: readonly string[];
  disks: readonly string[];
}

/** What of a server or a machine may be another's, too. */
export interface Signed {
  hardware: ReportedHardware;
  nics: readonly Pick<ReportedNic, 'mac'>[];
  disks: readonly ReportedDisk[];
}

/** Everything by which records may be related to others. */
export function signsOf(records: readonly Signed[]): Signs {
  const unique = (values: readonly (string | null)[]): string[] => [
    ...new Set(values.filter((value) => value !== null)),
  ];
  return {
    uuids: unique(records.map(({ hardware }) => hardware.smbios_uuid)),
    serials: unique(records.map(({ hardware }) => hardware.serial)),
    macs: unique(records.flatMap(({ nics }) => nics.map(({ mac }) => mac))),
    disks: unique(records.flatMap(({ disks }) => disks.map(({ wwn, serial }) => wwn ?? serial))),
  };
}
