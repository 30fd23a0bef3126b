import { join } from 'node:path';
import { z } from 'zod';
import type { BastionSettings } from '../config.js';
import type { LocalInterface } from '../dhcp/dhcp-network.js';
import { ipv4Network, ipv4Number, isWithin } from '../dhcp/ipv4.js';
import { localInterfaces } from '../dhcp/local-interfaces.js';
import { readFileIfThere } from '../storage/atomic-file.js';

/** An interface that this bastion serves, or is to serve. */
export interface ServedInterface {
  name: string;
  mode: 'full' | 'proxy';
  /** What is served there by the environment's variables; null: labd says it, or nothing is known. */
  range: { from: string; to: string; netmask: string | null } | null;
}

const keptNetworks = z.object({
  networks: z.array(z.object({ cidr: z.string(), mode: z.enum(['full', 'proxy']) })).max(10_000),
});
/** A network of labd, as far as it says how an interface is served. */
export type KeptNetwork = z.infer<typeof keptNetworks>['networks'][number];

/** Where DHCP is served: labd's network of an interface says how, else the environment's variables do. Pure. */
export function servedInterfaces(
  { dhcp }: Pick<BastionSettings, 'dhcp'>,
  networks: readonly KeptNetwork[],
  interfaces: readonly LocalInterface[],
): ServedInterface[] {
  return (dhcp?.interfaces ?? []).map((name, index) => {
    const addresses = interfaces.find((entry) => entry.name === name)?.addresses ?? [];
    const network = networks.find(({ cidr }) => {
      const found = ipv4Network(cidr);
      return (
        found !== undefined && addresses.some(({ address }) => isWithin(found, ipv4Number(address) ?? -1))
      );
    });
    const range = network === undefined && index === 0 ? (dhcp?.range ?? null) : null;
    return { name, mode: network?.mode ?? dhcp?.mode ?? 'full', range };
  });
}

/** As it is here: with what labd has last sent. */
export async function localSite(
  config: Pick<BastionSettings, 'dhcp' | 'folder'>,
): Promise<ServedInterface[]> {
  if (config.dhcp === null) return [];
  const text = await readFileIfThere(join(config.folder, 'networks.json')).catch(() => undefined);
  return servedInterfaces(config, networksIn(text), localInterfaces());
}

function networksIn(text: string | undefined): KeptNetwork[] {
  try {
    return keptNetworks.safeParse(JSON.parse(text ?? '{}')).data?.networks ?? [];
  } catch {
    // The bastion sets a damaged file aside, and labd sends its networks again.
    return [];
  }
}
