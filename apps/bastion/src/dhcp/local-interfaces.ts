import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import type { LocalInterface } from './dhcp-network.js';

/** This machine's interfaces that are up and have an IPv4 address. */
export function localInterfaces(): Promise<LocalInterface[]> {
  return Promise.all(
    Object.entries(networkInterfaces()).map(async ([name, entries]) => ({
      name,
      index: await indexOf(name),
      addresses: (entries ?? [])
        .filter(({ family }) => family === 'IPv4')
        .map(({ address, netmask }) => ({ address, netmask })),
    })),
  );
}

async function indexOf(name: string): Promise<number | null> {
  // An alias (`eth1:0`) has no folder of its own.
  const text = await readFile(`/sys/class/net/${name.replace(/:.*$/, '')}/ifindex`, 'utf8').catch(() => '');
  return /^\d+\s*$/.test(text) ? Number(text) : null;
}
