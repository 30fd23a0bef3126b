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

/** An IPv4 address as a number; undefined for what is none. */
export function ipv4Number(text: string): number | undefined {
  const octets = octetsOf(text);
  return octets?.reduce((sum, octet) => sum * 256 + octet, 0);
}

/** `192.168.77.1` for 3232255233. */
export const ipv4Text = (number: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');

const hostMask = (width: number, prefix: number): bigint => (1n << BigInt(width - prefix)) - 1n;

function parseAddress(text: string): { family: 4 | 6; bits: bigint } | undefined {
  const octets = octetsOf(text);
  if (octets !== undefined) return { family: 4, bits: bitsOf(octets, 8) };
  const groups = groupsOf(text);
  return groups === undefined ? undefined : { family: 6, bits: bitsOf(groups, 16) };
}

const bitsOf = (parts: readonly number[], width: number): bigint =>
  parts.reduce((sum, part) => (sum << BigInt(width)) | BigInt(part), 0n);

/** Of an IPv4 address in dotted decimals without leading zeros, which some read as octal. */
function octetsOf(text: string): number[] | undefined {
  const parts = text.split('.');
  if (
    parts.length !== 4 ||
    !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)
  ) {
    return undefined;
  }
  return parts.map(Number);
}

/** The eight groups of an IPv6 address; its last two may be written as IPv4 (RFC 4291 §2.2). */
function groupsOf(text: string): number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2 || text.length > 45) return undefined;
  const [before, after] = halves.map(hextets);
  if (before === undefined || (halves.length === 2 && after === undefined)) return undefined;
  if (after === undefined) return before.length === 8 ? before : undefined;
  const missing = 8 - before.length - after.length;
  return missing < 1 ? undefined : [...before, ...Array.from({ length: missing }, () => 0), ...after];
}

function hextets(text: string): number[] | undefined {
  if (text === '') return [];
  const groups = text.split(':');
  const numbers: number[] = [];
  for (const [index, group] of groups.entries()) {
    const octets = index === groups.length - 1 ? octetsOf(group) : undefined;
    if (octets !== undefined) {
      const [a = 0, b = 0, c = 0, d = 0] = octets;
      numbers.push(a * 256 + b, c * 256 + d);
    } else if (/^[0-9a-f]{1,4}$/i.test(group)) numbers.push(Number.parseInt(group, 16));
    else return undefined;
  }
  return numbers;
}
