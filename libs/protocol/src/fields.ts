import { isIpAddress, parseMac } from '@lab/domain';
import { z } from 'zod';

/** What the messages of the link are made of. */
export const id = z.uuid();
export const text = (max: number) => z.string().max(max);
export const macAddress = z.string().transform((value, context) => {
  const parsed = parseMac(value);
  if (parsed === undefined) {
    context.addIssue({ code: 'custom', message: 'must be a MAC address' });
    return z.NEVER;
  }
  return parsed;
});
export const ipAddress = z.string().max(64).refine(isIpAddress, 'must be an IP address');
export const count = z.number().int().nonnegative();
