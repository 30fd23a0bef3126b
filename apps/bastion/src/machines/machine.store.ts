import { join } from 'node:path';
import { LabError, type MacAddress } from '@lab/domain';
import type { Machine } from '@lab/protocol';
import { Journal } from '../storage/journal.js';

/** Anyone on the network may report a machine: past this many the bastion takes no new ones. */
const MAX_MACHINES = 20_000;
/** Their hardware together, as JSON, in bytes: with odd reports of 256 KiB each that many machines would fill the memory. */
const MAX_BYTES = 96 * 1024 * 1024;
/** The file is written anew when it holds this many outdated records, and as many as there are machines. */
const COMPACT_OVER = 1_000;

const lineOf = (machine: Machine): string => `${JSON.stringify(machine)}\n`;

/** Everything that a bastion knows of a machine but when it was seen. */
const hardwareOf = (machine: Machine): string => JSON.stringify({ ...machine, seenAt: '' });

/** The machines that this bastion has seen, by the MAC address that they booted with; kept on disk. */
export class MachineStore {
  #machines = new Map<string, Machine>();
  #outdated = 0;
  #bytes = 0;
  #writing: Promise<void> = Promise.resolve();

  private constructor(private readonly journal: Journal) {}

  static async open(folder: string): Promise<MachineStore> {
    const machines = new Map<string, Machine>();
    let outdated = 0;
    const journal = await Journal.open(join(folder, 'machines.ndjson'), (line) => {
      const machine = parse(line);
      if (machine === undefined) return false;
      if (machines.has(machine.mac)) outdated += 1;
      machines.set(machine.mac, machine);
      return true;
    });
    const store = new MachineStore(journal);
    store.#machines = machines;
    store.#outdated = outdated;
    for (const machine of machines.values()) store.#bytes += lineOf(machine).length;
    return store;
  }

  get size(): number {
    return this.#machines.size;
  }

  get(mac: MacAddress): Machine | undefined {
    return this.#machines.get(mac);
  }

  all(): Machine[] {
    return [...this.#machines.values()];
  }

  /** Keeps what was seen. Answers whether the hardware is new or has changed. */
  async put(machine: Machine): Promise<{ changed: boolean }> {
    const known = this.#machines.get(machine.mac);
    const bytes = this.#bytes + lineOf(machine).length - (known === undefined ? 0 : lineOf(known).length);
    if ((known === undefined && this.#machines.size >= MAX_MACHINES) || bytes > MAX_BYTES) {
      throw new LabError(
        'not-ready',
        `This bastion knows ${this.#machines.size} machines and takes no more`,
        {
          hint: 'Look for a machine that reports itself under changing MAC addresses, or use another bastion.',
        },
      );
    }
    const changed = known === undefined || hardwareOf(known) !== hardwareOf(machine);
    this.#bytes = bytes;
    this.#machines.set(machine.mac, machine);
    if (known !== undefined) this.#outdated += 1;
    // One after the other: a compaction must not run beside an append.
    const written = this.#writing.then(() => this.#write(machine));
    this.#writing = written.catch(() => undefined);
    await written;
    return { changed };
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.journal.close();
  }

  async #write(machine: Machine): Promise<void> {
    if (this.#outdated > COMPACT_OVER + this.#machines.size) {
      await this.journal.replace([...this.#machines.values()].map(lineOf));
      this.#outdated = 0;
    } else {
      await this.journal.append(lineOf(machine), true);
    }
  }
}

/** Our own file: a line that is JSON is what was written. */
function parse(line: string): Machine | undefined {
  try {
    return JSON.parse(line) as Machine;
  } catch {
    return undefined;
  }
}
