import { X509Certificate } from 'node:crypto';
import { z } from 'zod';

/** A certificate in PEM, as the base64 of its DER in one line: what a section can hold without a newline. */
export const pemCertificate = z.string().transform((pem, context): string => {
  try {
    return new X509Certificate(pem).raw.toString('base64');
  } catch {
    context.addIssue({ code: 'custom', message: 'must be one certificate in PEM' });
    return z.NEVER;
  }
});
