import { identify, type Identified } from '@lab/domain';
import { canonicalJson } from '../audit/canonical-json.js';
import { restated, withRefusal, withoutOldRefusals } from './identity-conditions.js';
import { holderOf, type MachineRecord, type RecordedNic } from './machine-record.js';
import { RecordIndex } from './record-index.js';
import type { ReportedMachine } from './reported-machine.js';

/** The bastion that reports; machines that it discovers start in its cloud and environment. */
export interface ReportingBastion {
  id: string;
  name: string;
  cloud: string;
  environment: string;
}

/** A machine that was not taken for the server that it is, or claims to be. */
export interface Refusal {
  server: MachineRecord;
  machine: ReportedMachine;
  reason: Extract<Identified, { outcome: 'refused' }>['reason'];
}

/** What reports make of the servers that are known. */
export interface Registration {
  added: MachineRecord[];
  changed: { before: MachineRecord; after: MachineRecord }[];
  /** Seen again, as they were. */
  touched: MachineRecord[];
  /** Bastions that lost a server to this one. */
  releasedFrom: string[];
  /** Those that are stated from now on; one that was stated already isn't repeated. */
  refused: Refusal[];
}

/**
 * Pure. `known` holds the servers that share something with one of the machines, those that share something with these, and
 * so on once more, so that what is stated of each of the former is complete.
 */
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
  const refused: Refusal[] = [];
  const concerned = new Set<string>();
  for (const machine of machines) {
    // A group or null address, which no NIC has: it would be a new machine each time.
    if (!machine.nics.some(({ boot }) => boot)) continue;
    const found = identified(machine, records, bastion);
    if (found.outcome === 'refused') {
      const server = records.get(found.serverId);
      if (server === undefined) continue;
      const after = withRefusal(server, found.reason, refusalText(found.reason, machine, bastion), now);
      if (after === server) continue;
      records.set(after);
      refused.push({ server, machine, reason: found.reason });
      continue;
    }
    const existing = found.outcome === 'known' ? records.get(found.serverId) : undefined;
    const record = existing ?? newRecord(machine, bastion, now, newId(), freeName(machine.bootMac, names));
    names.add(record.name);
    for (const id of records.related(record)) concerned.add(id);
    records.set({
      ...record,
      lastSeenAt: machine.seenAt > record.lastSeenAt ? machine.seenAt : record.lastSeenAt,
      conditions: withoutOldRefusals(record.conditions, record.phase === 'provisioning', now),
      hardware: machine.hardware,
      nics: nicsOf(record, machine, records),
      disks: machine.disks,
      bastionId: bastion.id,
    });
    for (const id of records.related(machine)) concerned.add(id);
    concerned.add(record.id);
  }
  for (const id of concerned) {
    const record = records.get(id);
    if (record !== undefined) records.set(restated(record, records, now));
  }
  return { ...sortOut(before, records), refused };
}

function identified(machine: ReportedMachine, records: RecordIndex, bastion: ReportingBastion): Identified {
  const seen = {
    bootMac: machine.bootMac,
    uuid: machine.uuid,
    serial: machine.serial,
    nics: machine.nics,
    disks: machine.disks,
  };
  return identify(seen, records.holdersOf(machine.bootMac).map(holderOf), bastion, ({ id }) => ({
    uuid: machine.uuid !== null && !records.hasOther(`uuid ${machine.uuid}`, id),
    serial: machine.serial !== null && !records.hasOther(`serial ${machine.serial}`, id),
  }));
}

function refusalText(
  reason: Refusal['reason'],
  { bootMac }: ReportedMachine,
  { name, cloud, environment }: ReportingBastion,
): string {
  switch (reason) {
    case 'ForeignBastion':
      return `Bastion ${name} of cloud ${cloud}, environment ${environment}, reported a machine with its MAC ${bootMac}. It was refused, and nothing of it taken over. If the server was moved there, change its cloud and environment.`;
    case 'OtherBastion':
      return `Bastion ${name} saw it while its install is ordered from another. The order stays where it is: cancel it before the server changes its bastion.`;
    case 'TooManyClaims':
      return `Bastion ${name} reported yet another machine that boots with the MAC ${bootMac}. Too many claim it: no more are taken for servers. Find the adapter, or the host that makes machines up.`;
  }
}

function sortOut(
  before: ReadonlyMap<string, MachineRecord>,
  records: RecordIndex,
): Omit<Registration, 'refused'> {
  const result: Omit<Registration, 'refused'> = { added: [], changed: [], touched: [], releasedFrom: [] };
  for (const after of records.values()) {
    const old = before.get(after.id);
    if (old === undefined) {
      result.added.push(after);
    } else if (old !== after && stateOf(old) !== stateOf(after)) {
      result.changed.push({ before: old, after: { ...after, version: old.version + 1 } });
      if (old.bastionId !== null && old.bastionId !== after.bastionId)
        result.releasedFrom.push(old.bastionId);
    } else if (old.lastSeenAt < after.lastSeenAt) {
      result.touched.push(after);
    }
  }
  return result;
}

/** Everything but when it was seen, in one spelling. */
const stateOf = ({
  lastSeenAt: _,
  version: __,
  createdAt: ___,
  nics,
  disks,
  ...rest
}: MachineRecord): string =>
  canonicalJson({
    ...rest,
    nics: nics.toSorted((a, b) => (a.mac < b.mac ? -1 : 1)),
    disks: disks.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  });

/**
 * The reported NICs, and those that were declared though the report lacks them. A MAC that orders another server is its own:
 * a machine that boots with it keeps the one that it booted with before, if it still has that.
 */
function nicsOf(record: MachineRecord, machine: ReportedMachine, records: RecordIndex): RecordedNic[] {
  const known = new Map(record.nics.map((nic) => [nic.mac, nic]));
  const owner = records.ownerOf(machine.bootMac);
  const isTaken = owner !== undefined && owner.id !== record.id;
  const bootMac = isTaken ? record.nics.find(({ boot }) => boot)?.mac : machine.bootMac;
  const reported = machine.nics.map((nic): RecordedNic => {
    const {
      network_id = null,
      network_declared = false,
      declared = false,
      settings = null,
    } = known.get(nic.mac) ?? {};
    return {
      ...nic,
      boot: nic.mac === bootMac,
      network_id,
      network_declared,
      declared,
      settings,
      reported: true,
    };
  });
  const macs = new Set(reported.map(({ mac }) => mac));
  const missing = record.nics.filter(({ declared, mac }) => declared && !macs.has(mac));
  return [...reported, ...missing.map((nic) => ({ ...nic, boot: false, reported: false }))];
}

const newRecord = (
  machine: ReportedMachine,
  { id: bastionId, cloud, environment }: ReportingBastion,
  createdAt: Date,
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
  createdAt,
  lastSeenAt: machine.seenAt,
  hardware: machine.hardware,
  nics: [],
  disks: [],
});

/** The names that a newly discovered machine may get, best first: several machines may boot with one MAC, if not many. */
export function namesFor(bootMac: string): string[] {
  const digits = bootMac.replaceAll(':', '');
  const long = `srv-${digits}`;
  return [
    `srv-${digits.slice(-6)}`,
    long,
    ...Array.from({ length: 16 }, (_, index) => `${long}-${index + 2}`),
  ];
}

function freeName(bootMac: string, taken: ReadonlySet<string>): string {
  const names = namesFor(bootMac);
  // If people have given all of these to others, the database says so, and the report waits for the next one.
  return names.find((name) => !taken.has(name)) ?? `srv-${bootMac.replaceAll(':', '')}`;
}
