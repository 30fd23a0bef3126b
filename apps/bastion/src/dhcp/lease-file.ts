import { parseMac, printable } from '@lab/domain';
import type { Lease } from '@lab/protocol';
import { ipv4Number } from './ipv4.js';

/** A host name is at most one label here: what machines call themselves is theirs to choose, at any length. */
const MAX_HOSTNAME = 63;

/**
 * The leases in dnsmasq's file: `EXPIRY MAC ADDRESS HOST|* CLIENTID|*` a line, the expiry in seconds since the epoch, 0 for
 * never; IPv6 after a line `duid` (src/lease.c, lease_update_file). What isn't a lease of an Ethernet NIC is left out.
 */
export function parseLeases(text: string): Lease[] {
  const leases: Lease[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('duid')) break;
    const [expiry = '', hardware = '', address = '', name = '*'] = line.split(' ');
    const mac = parseMac(hardware);
    if (mac === undefined || ipv4Number(address) === undefined || !/^\d{1,12}$/.test(expiry)) continue;
    leases.push({
      mac,
      address,
      hostname: name === '*' ? null : printable(name).slice(0, MAX_HOSTNAME),
      expiresAt: expiry === '0' ? null : new Date(Number(expiry) * 1_000).toISOString(),
    });
  }
  return leases;
}
