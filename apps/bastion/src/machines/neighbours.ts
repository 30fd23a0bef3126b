import { readFile } from 'node:fs/promises';
import { parseMac, type MacAddress } from '@lab/domain';

/** The kernel's ARP table: `IP address  HW type  Flags  HW address  Mask  Device` (proc_pid_net(5)). Flags 0x0: no answer yet. */
const ARP_TABLE = '/proc/net/arp';

/** Who is at an address of this machine's own networks: the MAC address that the kernel sends its packets to. */
export type Neighbours = (address: string) => Promise<MacAddress | null>;

/** Null for an address that isn't on the link (behind a router, this machine's own, IPv6), or where there is no such table. */
export const arpNeighbours: Neighbours = async (address) => {
  const table = await readFile(ARP_TABLE, 'utf8').catch(() => '');
  return neighbourIn(table, address);
};

export function neighbourIn(table: string, address: string): MacAddress | null {
  for (const line of table.split('\n').slice(1)) {
    const [ip, , flags, hardware = ''] = line.trim().split(/\s+/);
    if (ip === address && flags !== '0x0') return parseMac(hardware) ?? null;
  }
  return null;
}
