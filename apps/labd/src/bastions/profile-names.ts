import { z } from 'zod';

const profiles = z.array(z.looseObject({ name: z.string() }));

/** Names of the profiles that a bastion's hello said it has, as they are stored. */
export const profileNames = (stored: unknown): string[] =>
  (profiles.safeParse(stored).data ?? []).map((profile) => profile.name);
