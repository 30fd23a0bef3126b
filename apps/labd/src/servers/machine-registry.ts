import type { NicSettings } from '@lab/domain';
import { canonicalJson } from '../audit/canonical-json.js';
import { identify, type IdentityConflict } from './machine-identity.js';
import type { ReportedDisk, ReportedHardware, ReportedMachine, ReportedNic } from './reported-machine.js';
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

/** The bastion that reports; machines that it discovers start in its cloud and environment. */
export interface ReportingBastion {
  id: string;
  name: string;
  cloud: string;
  environment: string;
}

/** What reports make of the servers that are known. */
export interface Registration {
  added: MachineRecord[];
  changed: { before: MachineRecord; after: MachineRecord }[];
  /** Seen again, as they were. */
  touched: MachineRecord[];
  /** Bastions that lost a server to this one. */
  releasedFrom: string[];
}

const CONFLICT = 'IdentityConflict';

/** Pure. `known` holds every server that shares a UUID, a serial number or a MAC with one of the machines. */
export function registerMachines(
  known: readonly MachineRecord[],
  takenNames: ReadonlySet<string>,
  machines: readonly ReportedMachine[],
  bastion: ReportingBastion,
  now: Date,
  newId: () => string,
): Registration {
  const before = new Map(known.map((record) => [record.id, record]));
  const records = new RecordIndex(known);
  const names = new Set(takenNames);
  for (const machine of machines) {
    const { server, conflicts } = identify(machine, records.related(machine).map(identityOf));
    const existing = server === undefined ? undefined : records.get(server.id);
    const record = existing ?? newRecord(machine, bastion, newId(), freeName(machine.bootMac, names));
    names.add(record.name);
    const distrusted = conflicts.some((conflict) => conflict.serverId === record.id);
    records.set({
      ...record,
      lastSeenAt: machine.seenAt > record.lastSeenAt ? machine.seenAt : record.lastSeenAt,
      conditions: withConflict(record.conditions, conflicts[0], now),
      ...(!distrusted && contentOf(record, machine, bastion, records)),
    });
    for (const conflict of conflicts) {
      const other = records.get(conflict.serverId);
      if (other === undefined || other.id === record.id) continue;
      const message = `${record.name}, of bastion ${bastion.name}, claims to be it too: ${conflict.message}`;
      records.set({ ...other, conditions: withConflict(other.conditions, { ...conflict, message }, now) });
    }
  }
  return sortOut(before, records);
}

/** Records by what tells them apart. */
class RecordIndex {
  readonly #records = new Map<string, MachineRecord>();
  readonly #byMac = new Map<string, string>();
  readonly #bySign = new Map<string, Set<string>>();

  constructor(records: readonly MachineRecord[]) {
    for (const record of records) this.set(record);
  }

  get(id: string): MachineRecord | undefined {
    return this.#records.get(id);
  }

  values(): Iterable<MachineRecord> {
    return this.#records.values();
  }

  ownerOf(mac: string): string | undefined {
    return this.#byMac.get(mac);
  }

  set(record: MachineRecord): void {
    for (const { mac } of this.#records.get(record.id)?.nics ?? []) this.#byMac.delete(mac);
    this.#records.set(record.id, record);
    for (const { mac } of record.nics) this.#byMac.set(mac, record.id);
    for (const sign of signsOf(record.hardware.smbios_uuid, record.hardware.serial)) {
      this.#bySign.set(sign, (this.#bySign.get(sign) ?? new Set()).add(record.id));
    }
  }

  /** Those that share a UUID, a serial number or a MAC with the machine. A sign that was given up finds too many: harmless. */
  related(machine: ReportedMachine): MachineRecord[] {
    const ids = new Set([
      ...machine.macs.flatMap((mac) => this.#byMac.get(mac) ?? []),
      ...signsOf(machine.uuid, machine.serial).flatMap((sign) => [...(this.#bySign.get(sign) ?? [])]),
    ]);
    return [...ids].flatMap((id) => this.#records.get(id) ?? []);
  }
}

const signsOf = (uuid: string | null, serial: string | null): string[] => [
  ...(uuid === null ? [] : [`uuid ${uuid}`]),
  ...(serial === null ? [] : [`serial ${serial}`]),
];

function sortOut(before: ReadonlyMap<string, MachineRecord>, records: RecordIndex): Registration {
  const result: Registration = { added: [], changed: [], touched: [], releasedFrom: [] };
  for (const after of records.values()) {
    const old = before.get(after.id);
    if (old === undefined) {
      result.added.push(after);
    } else if (old !== after && stateOf(old) === stateOf(after)) {
      result.touched.push(after);
    } else if (old !== after) {
      result.changed.push({ before: old, after: { ...after, version: old.version + 1 } });
      if (old.bastionId !== null && old.bastionId !== after.bastionId)
        result.releasedFrom.push(old.bastionId);
    }
  }
  return result;
}

/** Everything but when it was seen, in one spelling. */
const stateOf = ({ lastSeenAt: _, version: __, nics, disks, ...rest }: MachineRecord): string =>
  canonicalJson({
    ...rest,
    nics: nics.toSorted((a, b) => (a.mac < b.mac ? -1 : 1)),
    disks: disks.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  });

const identityOf = ({ id, name, hardware, nics }: MachineRecord) => ({
  id,
  name,
  uuid: hardware.smbios_uuid,
  serial: hardware.serial,
  macs: nics.map((nic) => nic.mac),
});

/** A MAC that is another server's stays that server's. An install under way stays with the bastion that does it. */
function contentOf(
  record: MachineRecord,
  machine: ReportedMachine,
  bastion: ReportingBastion,
  records: RecordIndex,
): Pick<MachineRecord, 'hardware' | 'nics' | 'disks' | 'bastionId'> {
  const moves = record.phase !== 'provisioning' || record.bastionId === null;
  return {
    hardware: machine.hardware,
    nics: nicsOf(record, machine, records),
    disks: machine.disks,
    bastionId: moves ? bastion.id : record.bastionId,
  };
}

/** The reported NICs, and those that were declared though the report lacks them. */
function nicsOf(record: MachineRecord, machine: ReportedMachine, records: RecordIndex): RecordedNic[] {
  const known = new Map(record.nics.map((nic) => [nic.mac, nic]));
  const reported = machine.nics
    .filter((nic) => (records.ownerOf(nic.mac) ?? record.id) === record.id)
    .map((nic): RecordedNic => {
      const kept = known.get(nic.mac);
      const { network_id = null, network_declared = false, declared = false, settings = null } = kept ?? {};
      return { ...nic, network_id, network_declared, declared, settings, reported: true };
    });
  const macs = new Set(reported.map(({ mac }) => mac));
  const missing = record.nics.filter(({ declared, mac }) => declared && !macs.has(mac));
  return [...reported, ...missing.map((nic) => ({ ...nic, boot: false, reported: false }))];
}

const newRecord = (
  machine: ReportedMachine,
  { id: bastionId, cloud, environment }: ReportingBastion,
  id: string,
  name: string,
): MachineRecord => ({
  id,
  name,
  version: 1,
  phase: 'discovered',
  cloud,
  environment,
  bastionId,
  conditions: [],
  lastSeenAt: machine.seenAt,
  hardware: machine.hardware,
  nics: [],
  disks: [],
});

/** The names that a newly discovered machine may get, best first. */
export function namesFor(bootMac: string): string[] {
  const digits = bootMac.replaceAll(':', '');
  return [`srv-${digits.slice(-6)}`, `srv-${digits}`];
}

function freeName(bootMac: string, taken: ReadonlySet<string>): string {
  const names = namesFor(bootMac);
  const free = names.find((name) => !taken.has(name));
  if (free !== undefined) return free;
  const base = names.at(-1) ?? 'srv';
  let number = 2;
  while (taken.has(`${base}-${number}`)) number += 1;
  return `${base}-${number}`;
}

function withConflict(
  conditions: readonly ConditionDto[],
  conflict: IdentityConflict | undefined,
  now: Date,
): readonly ConditionDto[] {
  const others = conditions.filter((condition) => condition.type !== CONFLICT);
  if (conflict === undefined) return others;
  const { reason, message } = conflict;
  const old = conditions.find((condition) => condition.type === CONFLICT);
  const since = old?.reason === reason ? old.since : now.toISOString();
  return [...others, { type: CONFLICT, status: 'True', since, reason, message: message.slice(0, 500) }];
}
