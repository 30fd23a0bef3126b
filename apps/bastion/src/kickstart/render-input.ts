import { LabError, parseMac, type MacAddress } from '@lab/domain';
import { z } from 'zod';

export const macValue = z.string().transform((value, context): MacAddress => {
  const parsed = parseMac(value);
  if (parsed !== undefined) return parsed;
  context.addIssue({ code: 'custom', message: 'must be a MAC address' });
  return z.NEVER;
});

/** `input` as the schema has it; raises `invalid` that names every wrong field, and never the values. */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown, what: string): z.output<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const errors = result.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  throw new LabError(
    'invalid',
    `${what} can't be rendered: ${errors.map((e) => `${e.path} ${e.message}`.trim()).join('; ')}.`,
    {
      // A name that nobody knows has no path: the message says it.
      hint: `Correct ${errors.map((e) => e.path || 'the name').join(', ')}; nothing was rendered.`,
      errors,
    },
  );
}
