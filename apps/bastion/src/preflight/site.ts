import type { BastionConfig } from '../config.js';

/** An interface that this bastion serves, or is to serve. */
export interface ServedInterface {
  name: string;
  mode: 'full' | 'proxy';
  /** What is served there by the environment's variables; null: labd says it, or nothing is known. */
  range: { from: string; to: string; netmask: string | null } | null;
}

/** Where DHCP is served. */
export function servedInterfaces({ dhcp }: Pick<BastionConfig, 'dhcp'>): ServedInterface[] {
  return dhcp === null ? [] : [{ name: dhcp.interface, mode: dhcp.mode, range: dhcp.range }];
}
