import type { MachineClaim } from '@lab/domain';

/** A kickstart's address that was handed out and not fetched yet. */
export interface OpenKickstart extends MachineClaim {
  hash: string;
  mac: string;
  /** Who was given it. Who fetches with it may have another address: iPXE and dracut are two DHCP clients. */
  address: string;
  mintedAt: number;
}

/** The machine that fetched an install's kickstart. Until the install has ended nobody else has a say in it. */
export interface Binding extends MachineClaim {
  /** Where its boot script went, where its kickstart went, and where it moved to since. */
  addresses: readonly string[];
  /** MAC address that the bastion's own network has for it; null behind a router. */
  link: string | null;
  kickstartHash: string;
  reportHash: string;
  fetchedAt: number;
}

/** What a second address wanted of an install. */
export const REFUSED_REQUESTS = ['boot script', 'kickstart', 'progress', 'log', 'discovery'] as const;
export type RefusedRequest = (typeof REFUSED_REQUESTS)[number];

/** Within one install nothing changes: what the bound machine said, it says again. */
const isSameMachine = (binding: MachineClaim, claim: MachineClaim): boolean =>
  (binding.uuid === null || binding.uuid === claim.uuid) &&
  (binding.serial === null || binding.serial === claim.serial);

/** An install as far as the rules below go. */
export interface BoundInstall {
  binding: Binding | null;
  /** Addresses that the plan gives the machine: its own, too. */
  plannedAddresses: readonly string[];
  outcome: 'active' | 'post-ended' | 'succeeded' | 'failed' | 'cancelled';
  /** When the bound machine was last heard of, in ms since the epoch. */
  heardAt: number;
}

export const ownsAddress = ({ binding, plannedAddresses }: BoundInstall, address: string): boolean =>
  binding !== null && (binding.addresses.includes(address) || plannedAddresses.includes(address));

/** Whether an address is the bound machine's by what the bastion's own network says. Who forges MAC addresses forges that. */
export type SameLink = 'same' | 'other' | 'unknown';

export function compareLinks(
  { link }: Pick<Binding, 'link'>,
  macs: ReadonlySet<string>,
  found: string | null,
): SameLink {
  if (found === null) return 'unknown';
  if (found === link || macs.has(found)) return 'same';
  return link === null ? 'unknown' : 'other';
}

/** Someone who asks, as far as the rules go. */
export interface Peer {
  address: string;
  link: SameLink;
}

/**
 * Who asks for the boot script of an install. `machine`: the one that it is bound to, or it isn't bound yet. `restarted`: it
 * says that it is that one, at a new address, and it is the same on the link, or the old address has been silent.
 * `elsewhere`: a second address. `other-machine`: another UUID or serial number at the same address.
 */
export function judgeBoot(
  install: BoundInstall,
  asker: MachineClaim & Peer,
  now: number,
  silenceMs: number,
): 'machine' | 'restarted' | 'elsewhere' | 'other-machine' {
  const { binding } = install;
  if (binding === null) return 'machine';
  const owns = ownsAddress(install, asker.address);
  if (!isSameMachine(binding, asker)) return owns ? 'other-machine' : 'elsewhere';
  if (owns) return 'machine';
  return asker.link === 'same' || now - install.heardAt >= silenceMs ? 'restarted' : 'elsewhere';
}

/**
 * Whether an open kickstart may be fetched from there. A machine that was heard of after it was handed out has not started
 * again: someone else was given it.
 */
export const mayFetch = (install: BoundInstall, open: OpenKickstart, { address, link }: Peer): boolean =>
  install.binding === null ||
  ownsAddress(install, address) ||
  link === 'same' ||
  install.heardAt < open.mintedAt;

/**
 * Who reports with the token of an install. `moved`: the machine at a new address, as the installed system may be, which is
 * another DHCP client. Tokens leak: it has to be the same on the link too, or, where that can't be seen, its old address
 * has to have been silent.
 */
export function judgeReport(
  install: BoundInstall,
  { address, link }: Peer,
  now: number,
  silenceMs: number,
): 'machine' | 'moved' | 'elsewhere' {
  if (ownsAddress(install, address)) return 'machine';
  if (install.outcome !== 'active' && install.outcome !== 'post-ended') return 'elsewhere';
  if (link !== 'unknown') return link === 'same' ? 'moved' : 'elsewhere';
  return now - install.heardAt >= silenceMs ? 'moved' : 'elsewhere';
}
