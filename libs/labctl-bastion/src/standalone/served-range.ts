import { LabError, oneLine } from '@lab/cli-kit';

/** An address of a network interface, as Node tells it. */
export interface InterfaceAddress {
  family: string;
  address: string;
  /** `192.168.77.1/24` */
  cidr: string | null;
}

/** The largest default: as many machines as one network usually has. */
const MOST = 101;
const SMALLEST_PREFIX = 29;

/** What a bastion serves on an interface unless somebody says otherwise. */
export interface ServedRange {
  /** The bastion's own address there. */
  address: string;
  /** As BASTION_DHCP_RANGE has it. */
  range: string;
}

/**
 * A part of the interface's network that leaves out its own address, the first addresses (where gateways are) and, in a network of
 * 256 and more, what is outside .100 to .200. Raises `environment` where there is no room.
 */
export function defaultRange(name: string, addresses: readonly InterfaceAddress[] | undefined): ServedRange {
  if (addresses === undefined) {
    throw new LabError('environment', `there is no network interface ${oneLine(name)}`, {
      hint: 'See which there are with: ip -br address.',
    });
  }
  const own = addresses.find(({ family, cidr }) => family === 'IPv4' && cidr !== null);
  const [, prefixText = ''] = own?.cidr?.split('/') ?? [];
  const prefix = Number(prefixText);
  if (own === undefined) {
    throw new LabError('environment', `the interface ${oneLine(name)} has no IPv4 address`, {
      hint: `Give it one, such as: ip address add 192.168.77.1/24 dev ${oneLine(name)}`,
    });
  }
  if (prefix > SMALLEST_PREFIX) {
    throw new LabError(
      'environment',
      `the network of ${oneLine(name)} (${own.cidr ?? ''}) has no room for machines`,
      {
        hint: 'Say which addresses they may get: --range FROM,TO.',
      },
    );
  }
  const self = numberOf(own.address);
  const size = 2 ** (32 - prefix);
  const network = Math.floor(self / size) * size;
  const [from, to] = size >= 256 ? large(Math.floor(self / 256) * 256, self) : small(network, size, self);
  return {
    address: own.address,
    range: `${textOf(from)},${textOf(to)},${textOf(2 ** 32 - size)},1h`,
  };
}

/** .100 to .200 of the 256 addresses around the bastion; .10 to .99 if it is one of those itself. */
function large(base: number, self: number): [number, number] {
  const last = self - base;
  return last >= 100 && last <= 200 ? [base + 10, base + 99] : [base + 100, base + 200];
}

/** The larger side of the bastion's own address. */
function small(network: number, size: number, self: number): [number, number] {
  const [first, last] = [network + 1, network + size - 2];
  const isBelow = self - first > last - self;
  const from = isBelow ? Math.max(first, self - MOST) : self + 1;
  return isBelow ? [from, self - 1] : [from, Math.min(last, from + MOST - 1)];
}

const numberOf = (address: string): number =>
  address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);

const textOf = (value: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
