import { join } from 'node:path';
import { LabError, parseMac, type MacAddress } from '@lab/domain';
import type { Machine } from '@lab/protocol';
import { Damage } from '../storage/damage.js';
import { Journal } from '../storage/journal.js';

/** All machines together, confirmed ones with them. */
const MAX_MACHINES = 20_000;
/** Their hardware together, as JSON, in bytes: with odd reports of 256 KiB each that many machines would fill the memory. */
const MAX_BYTES = 96 * 1024 * 1024;
/** The file is written anew when it holds this many outdated records, and as many as there are machines. */
const COMPACT_OVER = 1_000;

const lineOf = (machine: Machine): string => `${JSON.stringify(machine)}\n`;

/** Everything that a bastion knows of a machine but when it was seen. */
const hardwareOf = (machine: Machine): string => JSON.stringify({ ...machine, seenAt: '' });

export interface MachineBounds {
  /** Machines that nobody has confirmed. */
  unconfirmed: number;
  bytes?: number;
  /** Whether a person, an order or an install stands behind a machine: then it is kept, whatever comes. */
  isConfirmed: (mac: MacAddress) => boolean;
}

/**
 * The machines that this bastion has seen, by the MAC address that they booted with; kept on disk. Anyone on the network may
 * report one: of those that nobody has confirmed, the one that was heard of longest ago makes room for a new one.
 */
export class MachineStore {
  /** Those heard of last are at the end. */
  #machines = new Map<MacAddress, Machine>();
  #outdated = 0;
  #bytes = 0;
  #dropped = { count: 0, firstAt: 0, lastAt: 0 };
  #writing: Promise<void> = Promise.resolve();

  private constructor(
    private readonly journal: Journal,
    private readonly bounds: MachineBounds,
  ) {}

  static async open(folder: string, bounds: MachineBounds, damage = new Damage()): Promise<MachineStore> {
    const machines = new Map<MacAddress, Machine>();
    let outdated = 0;
    const journal = await Journal.open(
      join(folder, 'machines.ndjson'),
      (line) => {
        const record = parse(line);
        if (record === undefined) return false;
        const isKnown = machines.delete(record.mac);
        outdated += (isKnown ? 1 : 0) + ('dropped' in record ? 1 : 0);
        if (!('dropped' in record)) machines.set(record.mac, record);
        return true;
      },
      damage,
    );
    const store = new MachineStore(journal, bounds);
    store.#machines = machines;
    store.#outdated = outdated;
    for (const machine of machines.values()) store.#bytes += lineOf(machine).length;
    return store;
  }

  get size(): number {
    return this.#machines.size;
  }

  /** How many had to make room since the bastion started, and when, in ms since the epoch. */
  get dropped(): Readonly<{ count: number; firstAt: number; lastAt: number }> {
    return this.#dropped;
  }

  get(mac: MacAddress): Machine | undefined {
    return this.#machines.get(mac);
  }

  all(): Machine[] {
    return [...this.#machines.values()];
  }

  /** Whether that report would be news. */
  isNews(machine: Machine): boolean {
    const known = this.#machines.get(machine.mac);
    return known === undefined || hardwareOf(known) !== hardwareOf(machine);
  }

  /** The machine was heard of: others make room before it. */
  touch(mac: MacAddress): void {
    const machine = this.#machines.get(mac);
    if (machine === undefined) return;
    this.#machines.delete(mac);
    this.#machines.set(mac, machine);
  }

  /** Keeps what was seen. Raises `not-ready` if confirmed machines leave no room. */
  async put(machine: Machine): Promise<void> {
    const known = this.#machines.get(machine.mac);
    const dropped = this.#makeRoom(machine, known);
    this.#machines.delete(machine.mac);
    this.#machines.set(machine.mac, machine);
    this.#bytes += lineOf(machine).length - (known === undefined ? 0 : lineOf(known).length);
    if (known !== undefined) this.#outdated += 1;
    // One after the other: a compaction must not run beside an append.
    const written = this.#writing.then(() => this.#write(machine, dropped));
    this.#writing = written.catch(() => undefined);
    await written;
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.journal.close();
  }

  /** Drops those that were heard of longest ago until the machine fits in. */
  #makeRoom(machine: Machine, known: Machine | undefined): MacAddress[] {
    const grows = lineOf(machine).length - (known === undefined ? 0 : lineOf(known).length);
    const others = [...this.#machines.values()].filter(({ mac }) => mac !== machine.mac);
    const unconfirmed = others.filter(({ mac }) => !this.bounds.isConfirmed(mac));
    const isNewcomer = known === undefined && !this.bounds.isConfirmed(machine.mac);
    const dropped: Machine[] = [];
    let bytes = this.#bytes + grows;
    const isTooMuch = (): boolean =>
      (isNewcomer && unconfirmed.length - dropped.length >= this.bounds.unconfirmed) ||
      (known === undefined && others.length - dropped.length >= MAX_MACHINES) ||
      bytes > (this.bounds.bytes ?? MAX_BYTES);
    while (isTooMuch()) {
      const oldest = unconfirmed[dropped.length];
      if (oldest === undefined) throw noRoom(this.#machines.size);
      dropped.push(oldest);
      bytes -= lineOf(oldest).length;
    }
    for (const { mac } of dropped) this.#machines.delete(mac);
    this.#bytes -= dropped.reduce((sum, each) => sum + lineOf(each).length, 0);
    if (dropped.length > 0) {
      const at = Date.parse(machine.seenAt);
      const { count, firstAt } = this.#dropped;
      this.#dropped = { count: count + dropped.length, firstAt: count === 0 ? at : firstAt, lastAt: at };
    }
    this.#outdated += 2 * dropped.length;
    return dropped.map(({ mac }) => mac);
  }

  async #write(machine: Machine, dropped: readonly MacAddress[]): Promise<void> {
    if (this.#outdated > COMPACT_OVER + this.#machines.size) {
      await this.journal.replace([...this.#machines.values()].map(lineOf));
      this.#outdated = 0;
    } else {
      const gone = dropped.map((mac) => `${JSON.stringify({ mac, dropped: true })}\n`);
      await this.journal.append([...gone, lineOf(machine)].join(''), true);
    }
  }
}

const noRoom = (size: number): LabError =>
  new LabError('not-ready', `This bastion knows ${size} machines and takes no more`, {
    hint: 'Forget servers that are gone (labctl forget), or use another bastion.',
  });

/** Our own file: a line with these fields is what was written. */
function parse(line: string): Machine | { mac: MacAddress; dropped: true } | undefined {
  try {
    const value = JSON.parse(line) as Partial<Machine & { dropped: true }> | null;
    if (typeof value?.mac !== 'string' || parseMac(value.mac) !== value.mac) return undefined;
    const isWhole = value.dropped === true || (Array.isArray(value.nics) && Array.isArray(value.disks));
    return isWhole ? (value as Machine | { mac: MacAddress; dropped: true }) : undefined;
  } catch {
    return undefined;
  }
}
