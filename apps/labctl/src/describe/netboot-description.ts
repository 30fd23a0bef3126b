import type { Netboot } from '@lab/cli-kit';
import { NONE, momentAge } from '@lab/cli-kit';
import { tableSection } from './description.js';

/** What events are called for a person; one that we don't know has its own name. */
const WHAT: Readonly<Record<string, string>> = {
  discover: 'asked for an address',
  offer: 'was offered one',
  lease: 'has an address',
  refused: 'was refused one',
  'no-address': 'no address is free',
  'boot-file': 'fetched a boot file',
  'tftp-error': 'TFTP error',
  decision: 'was told what to boot',
};

/** How a machine came, or didn't come, from power-on to its kernel, the newest last; nothing if nothing is known. */
export function netbootDescription({ events, leases }: Netboot, now: number): string[] {
  return [
    ...(leases.length === 0
      ? []
      : tableSection(
          'Leases',
          ['ADDRESS', 'NETWORK', 'MAC', 'EXPIRES'],
          leases.map(({ address, network, mac, expiresAt }) => [
            address,
            network,
            mac,
            expiryText(expiresAt, now),
          ]),
        )),
    ...(events.length === 0
      ? []
      : tableSection(
          'Netboot',
          ['AGE', 'WHAT', 'ADDRESS', 'MAC', 'DETAILS'],
          events.map(({ at, type, address, mac, text }) => [
            ...[momentAge(at, now), WHAT[type] ?? type],
            ...[address ?? NONE, mac, text],
          ]),
        )),
  ];
}

/** When a lease ends: `in 14m`, `expired`, `never`. */
export function expiryText(expiresAt: string | null, now: number): string {
  if (expiresAt === null) return 'never';
  return Date.parse(expiresAt) <= now ? 'expired' : momentAge(expiresAt, now);
}
