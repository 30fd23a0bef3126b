import { cidrContains, isIpAddress, parseCidr } from './cidr.js';
import { LabError } from './lab-error.js';
import type { MacAddress } from './mac-address.js';

/** How an interface gets its address. `none`: it has none, and is up for what runs over it. */
export const ADDRESS_METHODS = ['dhcp', 'static', 'none'] as const;
export type AddressMethod = (typeof ADDRESS_METHODS)[number];

/** Modes of the kernel's bonding driver; `active-backup` asks nothing of the switch. */
export const BOND_MODES = [
  'active-backup',
  '802.3ad',
  'balance-rr',
  'balance-xor',
  'broadcast',
  'balance-tlb',
  'balance-alb',
] as const;
export type BondMode = (typeof BOND_MODES)[number];

/** A name that the kernel takes for an interface that we make up, such as `bond0`. */
export const INTERFACE_NAME = /^[a-z][a-z0-9_-]{0,13}$/;

/** What a server's record says about a NIC of the system that is installed; what isn't said is left out. */
export interface NicSettings {
  method?: AddressMethod;
  /** With or without its prefix length, `192.168.77.10/24`; without, it is the network's. */
  address?: string;
  /** Without it, the network's. */
  gateway?: string;
  nameservers?: readonly string[];
  /** IEEE 802.1Q tag: the address is on the VLAN's interface. */
  vlan?: number;
  /** The NIC is a port of that bond. One of its ports says the rest: method, address … */
  bond?: { name: string; mode?: BondMode };
}

export interface RecordedNic {
  mac: MacAddress;
  settings: NicSettings;
  /** The network that it is in. */
  network: { cidr: string; gateway: string | null } | null;
}

/** An interface of the system that is installed, complete: a NIC or a bond, a VLAN on top of it or not. */
export interface NetworkInterface {
  /** One NIC, or the ports of the bond. */
  ports: MacAddress[];
  bond: { name: string; mode: BondMode } | null;
  vlan: number | null;
  method: AddressMethod;
  /** With its prefix length; with `static`, and only then. */
  address: string | null;
  gateway: string | null;
  nameservers: string[];
}

/** The interfaces that the NICs of a record make, in their order. Raises `invalid` that names `spec.nics.N.…`. */
export function networkInterfaces(nics: readonly RecordedNic[]): NetworkInterface[] {
  const bonds = new Set(nics.flatMap(({ settings }) => settings.bond?.name ?? []));
  const single = nics
    .map((nic, index) => ({ ports: [{ nic, index }] }))
    .filter(({ ports }) => bondOf(ports) === undefined);
  const bonded = [...bonds].map((name) => ({
    ports: nics.map((nic, index) => ({ nic, index })).filter(({ nic }) => nic.settings.bond?.name === name),
  }));
  return [...single, ...bonded].map(({ ports }) => interfaceOf(ports));
}

interface Port {
  nic: RecordedNic;
  index: number;
}

const bondOf = (ports: readonly Port[]): string | undefined => ports[0]?.nic.settings.bond?.name;

/** Whether it says more than which bond it is in. */
const speaks = ({ nic: { settings } }: Port): boolean =>
  Object.entries(settings).some(([key, value]) => key !== 'bond' && value !== undefined);

function interfaceOf(ports: readonly Port[]): NetworkInterface {
  const speakers = ports.filter(speaks);
  const [speaker = ports[0], second] = speakers;
  if (speaker === undefined) throw new Error('an interface has a port');
  if (second !== undefined) {
    throw refused(
      second,
      'bond',
      `another NIC of ${bondOf(ports) ?? 'the bond'} has settings already; one NIC says them for all`,
    );
  }
  const { settings, network } = speaker.nic;
  const method = settings.method ?? (settings.address === undefined ? 'dhcp' : 'static');
  const address = addressOf(speaker, method);
  return {
    ports: ports.map(({ nic }) => nic.mac),
    bond: bonding(ports),
    vlan: settings.vlan ?? null,
    method,
    address,
    gateway: address === null ? null : gatewayOf(speaker, address),
    nameservers: nameserversOf(speaker),
  };

  function addressOf(port: Port, how: AddressMethod): string | null {
    if (how !== 'static') {
      if (settings.address !== undefined)
        throw refused(port, 'address', `is only for the method static, not ${how}`);
      if (settings.gateway !== undefined)
        throw refused(port, 'gateway', `is only for the method static, not ${how}`);
      return null;
    }
    if (settings.address === undefined) throw refused(port, 'address', 'is needed with the method static');
    const [bare = '', length] = settings.address.toLowerCase().split('/');
    const prefix = length ?? network?.cidr.split('/')[1];
    if (!isIpAddress(bare) || prefix === undefined || !isPrefix(prefix, bare)) {
      const why =
        length === undefined
          ? 'must be an IP address with its prefix length, as the NIC is in no network'
          : 'must be an IP address such as 192.168.77.10/24';
      throw refused(port, 'address', why);
    }
    if (length === undefined && network !== null && !within(network.cidr, bare)) {
      throw refused(port, 'address', `must be in its network ${network.cidr}, or have a prefix length`);
    }
    return `${bare}/${prefix}`;
  }

  function gatewayOf(port: Port, own: string): string | null {
    const gateway = settings.gateway?.toLowerCase() ?? network?.gateway ?? null;
    if (gateway === null) return null;
    const ok = isIpAddress(gateway) && gateway.includes(':') === own.includes(':');
    if (ok) return gateway;
    // A network's gateway of the other family is no mistake of the NIC's.
    if (settings.gateway === undefined) return null;
    throw refused(port, 'gateway', 'must be an IP address of the same family as the address');
  }

  function nameserversOf(port: Port): string[] {
    const servers = settings.nameservers ?? [];
    if (!servers.every((server) => isIpAddress(server)))
      throw refused(port, 'nameservers', 'must be IP addresses');
    return [...servers];
  }
}

/** A bond's name, and the mode that its ports agree on. */
function bonding(ports: readonly Port[]): NetworkInterface['bond'] {
  const name = bondOf(ports);
  if (name === undefined) return null;
  const modes = new Set(ports.flatMap(({ nic }) => nic.settings.bond?.mode ?? []));
  const [mode = 'active-backup', other] = modes;
  const [, last] = ports;
  if (other !== undefined && last !== undefined)
    throw refused(last, 'bond.mode', `the ports of ${name} disagree: ${mode} and ${other}`);
  return { name, mode };
}

const within = (cidr: string, address: string): boolean => {
  const network = parseCidr(cidr);
  return network !== undefined && cidrContains(network, address);
};

const isPrefix = (text: string, address: string): boolean =>
  /^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= (address.includes(':') ? 128 : 32);

function refused({ index }: Port, field: string, message: string): LabError {
  const path = `spec.nics.${index}.${field}`;
  return new LabError('invalid', `${path}: ${message}`, {
    hint: `Correct ${path}; nothing was changed.`,
    errors: [{ path, message }],
  });
}
