import type { Offer, OfferedProfile } from '@lab/domain';
import { BOOT_ORDERS } from '@lab/domain';
import { z } from 'zod';

const profiles = z.array(
  z.looseObject({
    name: z.string(),
    arch: z.string().optional(),
    minMemoryBytes: z.number().optional(),
    bootModes: z.array(z.string()).optional(),
    bootOrder: z.enum(BOOT_ORDERS).optional().catch(undefined),
    missing: z.array(z.string()).optional(),
  }),
);
const layouts = z.array(z.looseObject({ name: z.string(), minDiskBytes: z.number() }));
const roles = z.array(z.looseObject({ name: z.string(), layout: z.string() }));

/** A link is noted as alive every 20 s: one that isn't any more was left by a labd that ended badly. */
const ALIVE_FOR_MS = 65_000;

/** Whether a bastion is connected, by what is stored of its link. */
export const isLinked = (linkState: string, lastSeenAt: Date | null, nowMs: number): boolean =>
  linkState === 'connected' && nowMs - (lastSeenAt?.getTime() ?? 0) < ALIVE_FOR_MS;

/** The profiles that a bastion said it has, as they are stored. */
export const storedProfiles = (stored: unknown): OfferedProfile[] => profiles.safeParse(stored).data ?? [];

/** A bastion as it is stored, as far as an order goes by it. */
export interface StoredOffer {
  name: string;
  linkState: string;
  lastSeenAt: Date | null;
  profiles: unknown;
  layouts: unknown;
  installRoles: unknown;
}

/** What a bastion can install, as it last said. */
export const offerOf = (bastion: StoredOffer, now: Date): Offer => ({
  bastion: bastion.name,
  linked: isLinked(bastion.linkState, bastion.lastSeenAt, now.getTime()),
  profiles: storedProfiles(bastion.profiles),
  layouts: layouts.safeParse(bastion.layouts).data,
  roles: roles.safeParse(bastion.installRoles).data,
});
