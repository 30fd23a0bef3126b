import { diskNumbers } from '@lab/domain';
import type { MachineRecord, Signed } from './machine-record.js';

/** Servers that are looked at for one thing in common. Whoever shares it with more of them is told so with these. */
export const MOST_RELATED = 8;

/** Records by what tells them apart. */
export class RecordIndex {
  readonly #records = new Map<string, MachineRecord>();
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

  set(record: MachineRecord): void {
    const before = this.#records.get(record.id);
    for (const sign of before === undefined ? [] : signs(before)) this.#bySign.get(sign)?.delete(record.id);
    this.#records.set(record.id, record);
    for (const sign of signs(record)) {
      const ids = this.#bySign.get(sign);
      if (ids === undefined) this.#bySign.set(sign, new Set([record.id]));
      else ids.add(record.id);
    }
  }

  /** Those that have a NIC with this MAC. */
  holdersOf(mac: string): MachineRecord[] {
    return [...(this.#bySign.get(`mac ${mac}`) ?? [])].flatMap((id) => this.#records.get(id) ?? []);
  }

  /** The one that orders of this MAC are for. */
  ownerOf(mac: string): MachineRecord | undefined {
    return this.holdersOf(mac).find(({ nics }) =>
      nics.some((nic) => nic.mac === mac && (nic.boot || nic.declared)),
    );
  }

  /** Whether another server than this one has it: `uuid 4c4c…`. */
  hasOther(sign: string, id: string): boolean {
    const ids = this.#bySign.get(sign);
    return ids !== undefined && ids.size > (ids.has(id) ? 1 : 0);
  }

  /** Those that share something with it, few for each thing. */
  related(signed: Signed): Set<string> {
    const ids = new Set<string>();
    for (const sign of signs(signed)) {
      // Always the same few, or what is stated of a large group would change with every report.
      for (const id of [...(this.#bySign.get(sign) ?? [])].sort().slice(0, MOST_RELATED)) ids.add(id);
    }
    return ids;
  }
}

const signs = ({ hardware, nics, disks }: Signed): string[] => [
  ...(hardware.smbios_uuid === null ? [] : [`uuid ${hardware.smbios_uuid}`]),
  ...(hardware.serial === null ? [] : [`serial ${hardware.serial}`]),
  ...nics.map(({ mac }) => `mac ${mac}`),
  ...diskNumbers({ disks }).map((number) => `disk ${number}`),
];
