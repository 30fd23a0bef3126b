import { parseCidr } from '@lab/domain';

/** An IPv4 network, its addresses as numbers. */
export interface Ipv4Network {
  /** The network's own address, and its broadcast address. */
  first: number;
  last: number;
  prefix: number;
  netmask: string;
}

/** The number of an address in dotted decimals without leading zeros; undefined for anything else. */
export function ipv4Number(text: string): number | undefined {
  const octets = text.split('.');
  if (octets.length !== 4 || !octets.every((octet) => /^(?:0|[1-9]\d{0,2})$/.test(octet))) return undefined;
  const numbers = octets.map(Number);
  return numbers.every((number) => number <= 255)
    ? numbers.reduce((sum, number) => sum * 256 + number, 0)
    : undefined;
}

export const ipv4Text = (number: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');

/** `192.168.77.0/24`; undefined for IPv6 and for what is no network. */
export function ipv4Network(cidr: string): Ipv4Network | undefined {
  const parsed = parseCidr(cidr);
  if (parsed?.family !== 4) return undefined;
  return networkOf(Number(parsed.bits), parsed.prefix);
}

/** The network that an address with that netmask lies in; undefined for a mask with holes. */
export function networkAround(address: string, netmask: string): Ipv4Network | undefined {
  const number = ipv4Number(address);
  const mask = ipv4Number(netmask);
  if (number === undefined || mask === undefined) return undefined;
  const prefix = 32 - Math.log2(2 ** 32 - mask);
  if (!Number.isInteger(prefix)) return undefined;
  const size = 2 ** (32 - prefix);
  return networkOf(Math.floor(number / size) * size, prefix);
}

const networkOf = (first: number, prefix: number): Ipv4Network => {
  const size = 2 ** (32 - prefix);
  return { first, last: first + size - 1, prefix, netmask: ipv4Text(2 ** 32 - size) };
};

export const isWithin = ({ first, last }: Ipv4Network, number: number): boolean =>
  number >= first && number <= last;

export const overlap = (a: { first: number; last: number }, b: { first: number; last: number }): boolean =>
  a.first <= b.last && b.first <= a.last;
