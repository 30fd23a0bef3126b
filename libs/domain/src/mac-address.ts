import { LabError } from './lab-error.js';

declare const macBrand: unique symbol;

/** A 48-bit MAC address, lower case, six octets joined by colons: `52:54:00:12:34:56`. */
export type MacAddress = string & { readonly [macBrand]: true };

const NOTATIONS = [
  /^([0-9a-f]{2}):([0-9a-f]{2}):([0-9a-f]{2}):([0-9a-f]{2}):([0-9a-f]{2}):([0-9a-f]{2})$/,
  /^([0-9a-f]{2})-([0-9a-f]{2})-([0-9a-f]{2})-([0-9a-f]{2})-([0-9a-f]{2})-([0-9a-f]{2})$/,
  /^([0-9a-f]{2})([0-9a-f]{2})\.([0-9a-f]{2})([0-9a-f]{2})\.([0-9a-f]{2})([0-9a-f]{2})$/, // Cisco: 5254.0012.3456
  /^([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/,
];

/** Any usual notation of a MAC (colons, dashes, Cisco dots, bare digits, any case), or undefined. */
export function parseMac(text: string): MacAddress | undefined {
  const lower = text.trim().toLowerCase();
  for (const notation of NOTATIONS) {
    const octets = notation.exec(lower)?.slice(1);
    if (octets !== undefined) return octets.join(':') as MacAddress;
  }
  return undefined;
}

/** As {@link parseMac}; raises `invalid` for anything else, and for group and all-zero addresses, which no NIC has. */
export function mac(text: string): MacAddress {
  const parsed = parseMac(text);
  if (parsed === undefined) {
    throw new LabError('invalid', `"${printable(text)}" is not a MAC address`, {
      hint: 'Write six octets, such as 52:54:00:12:34:56.',
    });
  }
  const firstOctet = Number.parseInt(parsed.slice(0, 2), 16);
  if ((firstOctet & 1) === 1 || parsed === '00:00:00:00:00:00') {
    throw new LabError('invalid', `${parsed} is a group or null address, which no NIC has`, {
      hint: 'Give the MAC address that is printed on the NIC.',
    });
  }
  return parsed;
}

/** iPXE's `hexhyp` notation, safe as a path segment and a file name: `52-54-00-12-34-56`. */
export const macInPath = (address: MacAddress): string => address.replaceAll(':', '-');

/** Text of unknown origin, fit to be shown in one line of an error: no control characters, at most 80 long. */
export function printable(text: string): string {
  const clean = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '\uFFFD');
  return clean.length > 80 ? `${clean.slice(0, 79)}…` : clean;
}
