import { LabError } from './lab-error.js';
import { parseMac, printable } from './mac-address.js';

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** RFC 1123 §2.1 host name in lower case: labels of 1–63 letters, digits and inner dashes, 253 at most in all. */
export const isHostname = (text: string): boolean =>
  text.length <= 253 && text.split('.').every((label) => LABEL.test(label)) && !/^[0-9.]+$/.test(text);

/** A resource's name: one RFC 1123 label or a host name, that can't be taken for a MAC address or an ID. */
export const isResourceName = (text: string): boolean =>
  isHostname(text) && parseMac(text) === undefined && !isId(text);

/** UUIDs, as the database makes them. */
export const isId = (text: string): boolean =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);

/** The name of a profile: `fedora-43`. Also safe as a file name. */
export const isProfileName = (text: string): boolean =>
  /^[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?$/.test(text) && !text.includes('..');

/** `text`, if it is a host name; else raises `invalid` that names the field. */
export function hostname(text: string, field = 'hostname'): string {
  if (isHostname(text)) return text;
  throw new LabError('invalid', `${field}: "${printable(text)}" is not a host name`, {
    hint: 'Use lower-case letters, digits and dashes, at most 63 a label (RFC 1123), such as node1 or node1.lab.example.',
    errors: [{ path: field, message: 'must be an RFC 1123 host name' }],
  });
}
