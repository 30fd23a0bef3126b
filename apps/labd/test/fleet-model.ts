import { claimOf, compareClaims, orderMacs } from '@lab/domain';
import { adopted, checkAdoption } from '../src/servers/adoption.js';
import { restated } from '../src/servers/identity-conditions.js';
import { ownMacsOf, type MachineRecord } from '../src/servers/machine-record.js';
import { registerMachines } from '../src/servers/machine-registry.js';
import { RecordIndex } from '../src/servers/record-index.js';
import { reportedMachine } from '../src/servers/reported-machine.js';
import { BASTIONS, RackedMachine, type Fleet, type FleetEvent } from './fleets.js';

const START = Date.UTC(2026, 10, 25);
const MINUTE = 60_000;

/** A fleet with its servers in memory: the decisions of labd, without its database. */
export class FleetModel {
  readonly machines: RackedMachine[];
  readonly records = new Map<string, MachineRecord>();
  /** Machines that reports of a server were taken for. */
  readonly #attributed = new Map<string, Set<number>>();
  /** Machines that a person called one. */
  readonly #joined = new Map<string, Set<number>>();
  /** What the machine that a server was last heard of as says of itself. */
  readonly #heard = new Map<string, { machine: number; says: string }>();
  /** MACs that have been in more than one machine: by these alone the MAC isn't proof. */
  readonly #carried = new Set<string>();
  #at = START;
  #ids = 0;

  constructor({ machines }: Pick<Fleet, 'machines'>) {
    this.machines = machines.map((blueprint, id) => new RackedMachine(id + 1, blueprint));
  }

  get now(): Date {
    return new Date(this.#at);
  }

  /** Raises what is wrong after the event. */
  happens(event: FleetEvent): void {
    this.#at += MINUTE;
    this.#apply(event);
    this.#check();
  }

  serverAt(number: number): MachineRecord | undefined {
    const all = [...this.records.values()];
    return all[number % Math.max(1, all.length)];
  }

  #machineAt(number: number): RackedMachine {
    const machine = this.machines[number % this.machines.length];
    if (machine === undefined) throw new Error('a fleet without machines');
    return machine;
  }

  #apply(event: FleetEvent): void {
    switch (event.type) {
      case 'report': {
        this.#report(this.#machineAt(event.machine), event.nic);
        return;
      }
      case 'order': {
        this.#phase(event.server, 'provisioning');
        return;
      }
      case 'end': {
        this.#phase(event.server, 'installed');
        return;
      }
      case 'board': {
        this.#machineAt(event.machine).replaceBoard(event.keepsSerial);
        return;
      }
      case 'disk': {
        this.#machineAt(event.machine).replaceDisk();
        return;
      }
      case 'rack':
        this.#machineAt(event.machine).bastion = event.bastion;
        return;
      case 'carry': {
        this.#carry(this.#machineAt(event.machine), this.#machineAt(event.to), event.what);
        return;
      }
      case 'adopt': {
        this.#adopt(this.serverAt(event.server), this.serverAt(event.from));
        return;
      }
    }
  }

  #report(machine: RackedMachine, nic: number): void {
    // All that it could boot from was carried away.
    if (machine.bootable.length === 0) return;
    const place = BASTIONS[machine.bastion] ?? BASTIONS[0];
    const bastion = { ...place, id: place.name, environment: 'default' };
    const before = new Map(this.records);
    const names = new Set([...before.values()].map(({ name }) => name));
    const report = reportedMachine(machine.seen(nic, this.#at), this.now);
    const { added, changed, touched, refused } = registerMachines(
      [...before.values()],
      names,
      [report],
      bastion,
      this.now,
      () => `server-${(this.#ids += 1)}`,
    );
    for (const record of [...added, ...changed.map(({ after }) => after), ...touched]) {
      this.records.set(record.id, record);
    }
    for (const { server } of refused) assertUnharmed(server, this.records.get(server.id));
    const taker = [...this.records.values()].find(
      (record) =>
        record.lastSeenAt.getTime() === this.#at && record.lastSeenAt !== before.get(record.id)?.lastSeenAt,
    );
    if (taker !== undefined) {
      of(this.#attributed, taker.id).add(machine.id);
      this.#heard.set(taker.id, { machine: machine.id, says: saying(machine) });
    }
    for (const [id, { cloud, bastionId }] of before) {
      const now = this.records.get(id);
      if (now === undefined || now.bastionId === bastionId) continue;
      if (cloud !== place.cloud) throw new Error(`${id} was taken to another cloud`);
      if (now.phase === 'provisioning') throw new Error(`${id} changed its bastion with an order`);
    }
  }

  #phase(number: number, phase: string): void {
    const record = this.serverAt(number);
    if (record === undefined || (phase === 'installed') !== (record.phase === 'provisioning')) return;
    this.records.set(record.id, { ...record, phase, version: record.version + 1 });
  }

  #carry(from: RackedMachine, to: RackedMachine, what: 'card' | 'adapter'): void {
    const [source, target] = what === 'card' ? [from.cards, to.cards] : [from.adapters, to.adapters];
    if (from === to || target.length > 0 || to.isVirtual) return;
    for (const nic of source.splice(0)) {
      target.push(nic);
      this.#carried.add(nic.mac);
    }
  }

  #adopt(server: MachineRecord | undefined, from: MachineRecord | undefined): void {
    if (server === undefined || from === undefined) return;
    const state = (record: MachineRecord) => ({
      record,
      hasInstalls: record.phase !== 'discovered',
      cluster: null,
    });
    try {
      checkAdoption(state(server), state(from), true);
    } catch {
      return;
    }
    this.records.delete(from.id);
    this.records.set(server.id, adopted(server, from));
    const heard = this.#heard.get(from.id);
    if (heard !== undefined) this.#heard.set(server.id, heard);
    const together = [...of(this.#attributed, server.id), ...of(this.#attributed, from.id)];
    for (const id of [...together, ...of(this.#joined, from.id)]) of(this.#joined, server.id).add(id);
    for (const id of together) of(this.#attributed, server.id).add(id);
    const index = new RecordIndex([...this.records.values()]);
    const concerned = new Set(
      [server, from].flatMap((record) => [...index.related(record)]).concat(server.id),
    );
    for (const id of concerned) {
      const record = index.get(id);
      if (record !== undefined) this.records.set(id, restated(record, index, this.now));
    }
  }

  #check(): void {
    const all = [...this.records.values()];
    this.#checkRecords(all);
    const plans = ordersOf(all);
    for (const machine of this.machines) {
      for (const { mac } of machine.bootable) {
        const server = plans.get(mac);
        if (server?.phase !== 'provisioning') continue;
        if (!this.#isAdmitted(machine, server)) continue;
        const isItsOwn =
          server.nics.some((nic) => nic.mac === mac) &&
          (of(this.#attributed, server.id).has(machine.id) ||
            (this.#carried.has(mac) && !contradicts(machine, server)));
        if (!isItsOwn) throw new Error(`the order of ${server.id} reaches machine ${machine.id} at ${mac}`);
      }
    }
    checkStatements(all);
  }

  /** As the bastion decides when an order is asked for the first time; it never keeps it from the machine that is known. */
  #isAdmitted(machine: RackedMachine, { id, hardware }: MachineRecord): boolean {
    const { uuid, serial } = machine.asks();
    const known = claimOf(hardware.smbios_uuid, hardware.serial);
    if (compareClaims(known, claimOf(uuid, serial)) !== 'other') return true;
    const heard = this.#heard.get(id);
    if (heard?.machine === machine.id && heard.says === saying(machine)) {
      throw new Error(`machine ${machine.id} is kept from the order of ${id}, which it is`);
    }
    return false;
  }

  /** No two machines are one record unless a person joined them. */
  #checkRecords(all: readonly MachineRecord[]): void {
    for (const { id } of all) {
      const strangers = [...of(this.#attributed, id)].filter((machine) => !of(this.#joined, id).has(machine));
      const joined = of(this.#joined, id).size > 0 ? 1 : 0;
      if (strangers.length + joined > 1) {
        throw new Error(`${id} is machines ${[...of(this.#attributed, id)].join(' and ')}`);
      }
    }
  }
}

const saying = ({ uuid, serial }: RackedMachine): string => JSON.stringify([uuid, serial]);

/** Both have such a number, and it isn't the same: whatever else they have in common, they are two machines. */
const contradicts = ({ uuid, serial }: RackedMachine, { hardware }: MachineRecord): boolean =>
  (uuid !== null && hardware.smbios_uuid !== null && uuid !== hardware.smbios_uuid) ||
  (serial !== null && hardware.serial !== null && serial !== hardware.serial);

const of = <K>(map: Map<K, Set<number>>, key: K): Set<number> => {
  const known = map.get(key) ?? new Set<number>();
  map.set(key, known);
  return known;
};

/** A report that was refused changed nothing but what is stated. */
function assertUnharmed(before: MachineRecord, after: MachineRecord | undefined): void {
  const facts = ({ hardware, nics, disks, bastionId, phase, lastSeenAt }: MachineRecord) =>
    JSON.stringify({ hardware, nics, disks, bastionId, phase, lastSeenAt });
  if (after === undefined || facts(after) !== facts(before)) throw new Error(`${before.id} was overwritten`);
  if (!after.conditions.some(({ type }) => type === 'IdentityConflict'))
    throw new Error('a refusal was not stated');
}

/** Which server each MAC orders. Raises if it orders two. */
export function ordersOf(all: readonly MachineRecord[]): Map<string, MachineRecord> {
  const plans = new Map<string, MachineRecord>();
  for (const record of all) {
    const nics = record.nics.map((nic) => {
      const others = all.filter(
        (other) => other.id !== record.id && other.nics.some(({ mac }) => mac === nic.mac),
      );
      const ownedElsewhere = others.some((other) => ownMacsOf(other).includes(nic.mac));
      return { ...nic, shared: others.length > 0, ownedElsewhere };
    });
    for (const mac of orderMacs(nics)) {
      const other = plans.get(mac);
      if (other !== undefined) throw new Error(`${mac} orders ${other.id} and ${record.id}`);
      plans.set(mac, record);
    }
  }
  return plans;
}

/** What two servers claim is stated on both; and nothing is stated that isn't so. */
export function checkStatements(all: readonly MachineRecord[]): void {
  const conflicting = new Map<string, string>();
  const related = new Set<string>();
  for (const one of all) {
    for (const other of all) {
      if (one === other) continue;
      const why = claimBoth(one, other);
      if (why !== undefined) conflicting.set(one.id, `${why} of ${other.id}`);
      if (why !== undefined || shares(one, other)) related.add(one.id);
    }
  }
  for (const { id, conditions } of all) {
    const computed = conditions.filter(({ reason }) => reason.startsWith('Shared'));
    const why = conflicting.get(id);
    if (why !== undefined && !computed.some(({ type }) => type === 'IdentityConflict')) {
      throw new Error(`${id} doesn't state that it has ${why}`);
    }
    if (computed.length > 0 && !related.has(id)) throw new Error(`${id} states what isn't so`);
  }
}

function claimBoth(one: MachineRecord, other: MachineRecord): string | undefined {
  const [a, b] = [one.hardware, other.hardware];
  const booted = [...ownMacsOf(one), ...ownMacsOf(other)].find(
    (mac) => one.nics.some((nic) => nic.mac === mac) && other.nics.some((nic) => nic.mac === mac),
  );
  if (booted !== undefined) return `the MAC ${booted}`;
  if (a.smbios_uuid !== null && a.smbios_uuid === b.smbios_uuid) return 'the UUID';
  const isToldApart = a.smbios_uuid !== null && b.smbios_uuid !== null;
  return a.serial !== null && a.serial === b.serial && !isToldApart ? 'the serial number' : undefined;
}

const shares = (one: MachineRecord, other: MachineRecord): boolean =>
  (one.hardware.serial !== null && one.hardware.serial === other.hardware.serial) ||
  one.nics.some(({ mac }) => other.nics.some((nic) => nic.mac === mac)) ||
  one.disks.some(({ serial }) => serial !== null && other.disks.some((disk) => disk.serial === serial));
