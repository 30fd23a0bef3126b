import { compareClaims, type MacAddress, type MachineClaim } from '@lab/domain';

const MAX_MACS = 20_000;
const ADDRESSES_PER_MAC = 4;

/**
 * What machines in discovery said of themselves, by the address that said it. Anyone may say anything: it only ever tells
 * askers of one MAC address apart. In memory: after a restart a machine that asks again is believed as before.
 */
export class MachineClaims {
  /** The newest are at the end, of MAC addresses and of addresses. */
  readonly #claims = new Map<MacAddress, Map<string, MachineClaim>>();

  note(mac: MacAddress, address: string, claim: MachineClaim): void {
    const claims = this.#claims.get(mac) ?? new Map<string, MachineClaim>();
    this.#claims.delete(mac);
    this.#claims.set(mac, claims);
    claims.delete(address);
    claims.set(address, claim);
    trim(claims, ADDRESSES_PER_MAC);
    trim(this.#claims, MAX_MACS);
  }

  /** Whether that address has reported the machine. */
  has(mac: MacAddress, address: string): boolean {
    return this.#claims.get(mac)?.has(address) === true;
  }

  /** Whether the machine that reported from there is another one than is known. */
  isOther(mac: MacAddress, address: string, known: MachineClaim): boolean {
    const claim = this.#claims.get(mac)?.get(address);
    return claim !== undefined && compareClaims(known, claim) === 'other';
  }

  /** Whether the known machine has reported from elsewhere, and not from there. */
  isElsewhere(mac: MacAddress, address: string, known: MachineClaim): boolean {
    const claims = [...(this.#claims.get(mac) ?? [])].filter(
      ([, claim]) => compareClaims(known, claim) === 'same',
    );
    return claims.length > 0 && !claims.some(([at]) => at === address);
  }
}

function trim<K>(map: Map<K, unknown>, most: number): void {
  for (const oldest of map.keys()) {
    if (map.size <= most) return;
    map.delete(oldest);
  }
}
