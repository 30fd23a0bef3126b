import { z } from 'zod';

const parameters = z.looseObject({ sshKeys: z.array(z.string()).max(64).default([]) });

/** The SSH keys in an install's stored parameters. */
export const sshKeysOf = (stored: unknown): string[] => parameters.safeParse(stored).data?.sshKeys ?? [];
