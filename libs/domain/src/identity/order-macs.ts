import { isWeakNic, type WeighedNic } from './nic-weight.js';

/** A NIC of a server, and who else has its MAC. */
export interface OrderableNic extends WeighedNic {
  /** The machine booted from it last. */
  boot: boolean;
  /** A person said that it is the server's. */
  declared: boolean;
  /** Another server has a NIC with this MAC. */
  shared: boolean;
  /** Another server booted from it last, or a person declared it there. */
  ownedElsewhere: boolean;
}

/**
 * The MAC addresses by which a server gets its orders, that of the NIC which booted first. No two servers share one: what
 * another server has too is left out, unless this one owns it. So are USB, virtual and locally administered addresses that
 * it didn't boot from, for tomorrow they may be in another machine.
 */
export function orderMacs(nics: readonly OrderableNic[]): string[] {
  return nics
    .filter((nic) => nic.boot || (!nic.ownedElsewhere && (nic.declared || (!nic.shared && !isWeakNic(nic)))))
    .sort((a, b) => Number(b.boot) - Number(a.boot) || (a.mac < b.mac ? -1 : 1))
    .map(({ mac }) => mac);
}
