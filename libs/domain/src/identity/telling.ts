/** What vendors leave in fields that they don't fill. No such list is complete: nothing that erases may rest on it. */
const PLACEHOLDERS = new Set([
  '',
  '0',
  'none',
  'null',
  'n/a',
  'na',
  'unknown',
  'default string',
  'not specified',
  'not available',
  'to be filled by o.e.m.',
  'system serial number',
  'chassis serial number',
  '123456789',
  '0123456789',
  '03000200-0400-0500-0006-000700080009',
]);

/** `text`, trimmed, if it tells something; zeros and `f`s throughout, and what vendors leave by default, don't. */
export function telling(text: string | null): string | null {
  const trimmed = text?.trim() ?? '';
  if (PLACEHOLDERS.has(trimmed.toLowerCase()) || /^[0\-: .]*$/.test(trimmed) || /^[f\-: .]*$/i.test(trimmed))
    return null;
  return trimmed;
}
