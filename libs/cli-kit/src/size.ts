import { usageError } from './cli-error.js';

const POWERS = ['', 'K', 'M', 'G', 'T', 'P'];

/** Bytes for `200G` (10^9, as disks are sold), `186Gi` (2^30) or plain bytes. Raises a usage error that names the flag. */
export function parseSize(text: string, flag: string): number {
  const [, digits, letter = '', binary] = /^(\d{1,15})(?:([KMGTP])(i)?)?B?$/i.exec(text.trim()) ?? [];
  const bytes = Number(digits) * (binary === undefined ? 1000 : 1024) ** POWERS.indexOf(letter.toUpperCase());
  if (digits !== undefined && Number.isSafeInteger(bytes)) return bytes;
  throw usageError(
    `${flag}: "${text}" is not a size`,
    'Write 200G (10^9 bytes), 186Gi (2^30) or a number of bytes.',
  );
}
