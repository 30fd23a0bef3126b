import { cidrContains, isIpAddress, parseCidr } from '@lab/domain';
import { z } from 'zod';
import { macValue } from './render-input.js';

const MAX_MACS = 16;

const ipv4 = z
  .string()
  .refine((text) => isIpAddress(text) && !text.includes(':'), 'must be an IPv4 address such as 192.168.77.1');

/** `192.168.77.10/24` of a host: neither the network's own address nor its broadcast address. */
const hostAddress = z.string().transform((text, context) => {
  const [ip = '', length = '', ...rest] = text.split('/');
  const prefix = /^\d{1,2}$/.test(length) ? Number(length) : 0;
  if (!ipv4.safeParse(ip).success || rest.length > 0 || prefix < 1 || prefix > 31) {
    context.addIssue({
      code: 'custom',
      message: 'must be an IPv4 address with its prefix length, such as 192.168.77.10/24',
    });
    return z.NEVER;
  }
  const bits = bitsOf(ip);
  const mask = 2 ** 32 - 2 ** (32 - prefix);
  const host = bits % 2 ** (32 - prefix);
  const isHost = prefix === 31 || (host !== 0 && host !== 2 ** (32 - prefix) - 1);
  // 0/8, loopback, multicast and above: no machine's own.
  const first = Math.trunc(bits / 2 ** 24);
  if (!isHost || first === 0 || first === 127 || first >= 224) {
    context.addIssue({ code: 'custom', message: `is no address that a machine can have: ${ip}/${prefix}` });
    return z.NEVER;
  }
  return { ip, netmask: dotted(mask), network: `${dotted(bits - host)}/${prefix}` };
});

const bitsOf = (ip: string): number => ip.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
const dotted = (bits: number): string =>
  [24, 16, 8, 0].map((shift) => Math.trunc(bits / 2 ** shift) % 256).join('.');

/** An address that a boot medium brings along, for a network without DHCP. */
export interface StaticAddress {
  ip: string;
  netmask: string;
  /** The network that it is in, `192.168.77.0/24`. */
  network: string;
  gateway: string | null;
  dns: string | null;
}

/** Which machines a boot medium is for, and how they get an address. */
export interface BootMedium {
  /** Ports of the machine that it is for; none: any machine. */
  macs: string[];
  /** null: by DHCP. */
  address: StaticAddress | null;
}

/**
 * What a boot medium is made for. Every value that comes out is an address in plain digits: it may stand in an iPXE
 * script and on a kernel's command line.
 */
export const bootMedium = z
  .strictObject({
    mac: z.array(macValue).max(MAX_MACS, `must be at most ${MAX_MACS}`).default([]),
    address: hostAddress.optional(),
    gateway: ipv4.optional(),
    dns: ipv4.optional(),
  })
  .transform(({ mac, address, gateway, dns }, context): BootMedium => {
    const macs = [...new Set(mac)].sort();
    if (address === undefined) {
      for (const [path, value] of Object.entries({ gateway, dns })) {
        if (value === undefined) continue;
        context.addIssue({ code: 'custom', path: [path], message: 'is only for a medium with an address' });
      }
      return { macs, address: null };
    }
    const network = parseCidr(address.network);
    if (
      gateway !== undefined &&
      (gateway === address.ip || network === undefined || !cidrContains(network, gateway))
    ) {
      context.addIssue({
        code: 'custom',
        path: ['gateway'],
        message: `must be another address of ${address.network}`,
      });
    }
    return { macs, address: { ...address, gateway: gateway ?? null, dns: dns ?? null } };
  });

/** Whether a machine with that address reaches the bastion: in its own network, or through a gateway. */
export function reaches(address: StaticAddress, bastionUrl: string): boolean {
  if (address.gateway !== null) return true;
  const network = parseCidr(address.network);
  return network !== undefined && cidrContains(network, new URL(bastionUrl).hostname);
}
