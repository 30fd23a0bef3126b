import { isIP } from 'node:net';

/** An IP network. */
export interface Cidr {
  family: 4 | 6;
  /** Of the network's address. */
  bits: bigint;
  prefix: number;
}

/** Parses `192.168.77.0/24` or `2001:db8::/64`; undefined for what is none, host bits included. */
export function parseCidr(text: string): Cidr | undefined {
  const [address, length, ...rest] = text.split('/');
  if (address === undefined || length === undefined || rest.length > 0) return undefined;
  const parsed = parseAddress(address);
  if (parsed === undefined || !/^\d{1,3}$/.test(length)) return undefined;
  const width = parsed.family === 4 ? 32 : 128;
  const prefix = Number(length);
  if (prefix > width || parsed.bits & hostMask(width, prefix)) return undefined;
  return { ...parsed, prefix };
}

/** Whether an IP address, with or without a prefix length of its own, lies in the network. */
export function cidrContains(network: Cidr, address: string): boolean {
  const parsed = parseAddress(address.split('/')[0] ?? '');
  if (parsed?.family !== network.family) return false;
  const shift = BigInt((network.family === 4 ? 32 : 128) - network.prefix);
  return parsed.bits >> shift === network.bits >> shift;
}

/** Whether `text` is an IPv4 or IPv6 address without zone and prefix length. */
export const isIpAddress = (text: string): boolean => parseAddress(text) !== undefined;

/** Whether `text` is an address as an interface has it: `192.168.77.100/24`, or without its prefix length. */
export function isInterfaceAddress(text: string): boolean {
  const [address = '', length, ...rest] = text.split('/');
  const parsed = parseAddress(address);
  if (parsed === undefined || rest.length > 0) return false;
  return (
    length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= (parsed.family === 4 ? 32 : 128))
  );
}

const hostMask = (width: number, prefix: number): bigint => (1n << BigInt(width - prefix)) - 1n;

function parseAddress(text: string): { family: 4 | 6; bits: bigint } | undefined {
  switch (text.includes('%') ? 0 : isIP(text)) {
    case 4:
      return { family: 4, bits: bitsOf(text.split('.').map(Number), 8) };
    case 6:
      return { family: 6, bits: bitsOf(groupsOf(text), 16) };
    default:
      return undefined;
  }
}

const bitsOf = (parts: readonly number[], width: number): bigint =>
  parts.reduce((sum, part) => (sum << BigInt(width)) | BigInt(part), 0n);

/** The eight groups of an IPv6 address that `isIP` has found good; its last two may be written as IPv4 (RFC 4291 §2.2). */
function groupsOf(text: string): number[] {
  const [head = '', tail] = text.split('::');
  const before = hextets(head);
  if (tail === undefined) return before;
  const after = hextets(tail);
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after];
}

const hextets = (text: string): number[] =>
  text === ''
    ? []
    : text.split(':').flatMap((group) => {
        if (!group.includes('.')) return [Number.parseInt(group, 16)];
        const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
        return [a * 256 + b, c * 256 + d];
      });
