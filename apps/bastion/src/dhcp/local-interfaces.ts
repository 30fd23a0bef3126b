import { networkInterfaces } from 'node:os';
import type { LocalInterface } from './dhcp-network.js';

/** This machine's interfaces that are up and have an IPv4 address. */
export const localInterfaces = (): LocalInterface[] =>
  Object.entries(networkInterfaces()).map(([name, entries]) => ({
    name,
    addresses: (entries ?? [])
      .filter(({ family }) => family === 'IPv4')
      .map(({ address, netmask }) => ({ address, netmask })),
  }));
