import { z } from 'zod';
import type { DiskRuleDto } from './provision.dto.js';

const stored = z.object({
  serial: z.string().optional(),
  wwn: z.string().optional(),
  byId: z.string().optional(),
  name: z.string().optional(),
  minSizeBytes: z.number().optional(),
});

/** A disk rule as an install stored it. */
export const diskRule = (json: unknown): DiskRuleDto => stored.parse(json ?? {});
