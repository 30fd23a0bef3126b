import { stat } from 'node:fs/promises';
import { MAX_LEASES, type Lease } from '@lab/protocol';
import { readFileIfThere } from '../storage/atomic-file.js';
import { ipv4Network, ipv4Number, isWithin } from './ipv4.js';
import { parseLeases } from './lease-file.js';

/** The leases that dnsmasq has given, as its file says. */
export class LeaseBook {
  #leases: Lease[] = [];
  #stamp = '';

  constructor(readonly file: string) {}

  /** Reads the file, if it has changed. */
  async look(): Promise<void> {
    const found = await stat(this.file, { bigint: true }).catch(() => undefined);
    const stamp = found === undefined ? '' : `${found.ino} ${found.size} ${found.mtimeNs}`;
    if (stamp === this.#stamp) return;
    const text = await readFileIfThere(this.file);
    this.#leases = parseLeases(text ?? '').toSorted(
      (a, b) => (ipv4Number(a.address) ?? 0) - (ipv4Number(b.address) ?? 0),
    );
    this.#stamp = stamp;
  }

  /** Those of a network. */
  in(cidr: string): { total: number; leases: Lease[] } {
    const network = ipv4Network(cidr);
    const leases = this.#leases.filter(
      ({ address }) => network !== undefined && isWithin(network, ipv4Number(address) ?? -1),
    );
    return { total: leases.length, leases: leases.slice(0, MAX_LEASES) };
  }
}
