import { readFile, readdir, readlink, stat } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { basename, join } from 'node:path';
import { printable } from '@lab/domain';
import { ipv4Number, isWithin, networkAround, type Ipv4Network } from '../dhcp/ipv4.js';
import { failed, ok, warning, type Finding } from './finding.js';
import type { ServedInterface } from './site.js';

export interface InterfaceFacts {
  name: string;
  exists: boolean;
  isUp: boolean;
  /** Null: the driver doesn't say, or the interface is down. */
  hasCarrier: boolean | null;
  mtu: number | null;
  addresses: readonly { address: string; netmask: string }[];
  isBridge: boolean;
  /** The bridge or bond that it is a port of. */
  master: string | null;
  isWireless: boolean;
  /** The interfaces that there are. */
  others: readonly string[];
}

/** What every machine's firmware and every switch takes (RFC 894). */
const ETHERNET_MTU = 1500;

export function judgeInterface(facts: InterfaceFacts, wanted: ServedInterface): Finding[] {
  const { name } = facts;
  if (!facts.exists) {
    const there = facts.others.length === 0 ? 'none' : facts.others.join(', ');
    return [
      failed(
        'interface',
        `there is no interface ${name}`,
        `Set BASTION_DHCP_INTERFACE to the one on the machines' network. There are: ${there}.`,
      ),
    ];
  }
  if (facts.master !== null)
    return [
      failed(
        'interface',
        `${name} is a port of ${facts.master}, which has the address and gets the packets`,
        `Set BASTION_DHCP_INTERFACE=${facts.master}.`,
      ),
    ];
  if (!facts.isUp)
    return [
      failed(
        'interface',
        `${name} is down`,
        `Bring it up: ip link set ${name} up, and have your network settings do so at a start.`,
      ),
    ];
  const findings: Finding[] = [];
  if (facts.hasCarrier === false)
    findings.push(
      failed(
        'interface',
        facts.isBridge ? `the bridge ${name} has no port with a link` : `${name} has no link`,
        facts.isBridge
          ? `Add the port to the machines' network: ip link set PORT master ${name}; and see that it is up.`
          : 'Look at the cable and the port of the switch.',
      ),
    );
  if (facts.isWireless)
    findings.push(
      warning(
        'interface',
        `${name} is wireless: access points don't pass on what netboot needs from other addresses`,
        'Serve machines from a wired interface on their network.',
      ),
    );
  findings.push(...judgeAddress(facts, wanted));
  findings.push(...judgeMtu(facts));
  if (findings.length === 0) {
    const addresses = facts.addresses.map(({ address }) => address).join(', ');
    findings.push(ok('interface', `${name} is up, with ${addresses}, MTU ${facts.mtu ?? 'unknown'}`));
  }
  return findings;
}

function judgeAddress({ name, addresses }: InterfaceFacts, { range, mode }: ServedInterface): Finding[] {
  if (addresses.length === 0)
    return [
      failed(
        'interface',
        `${name} has no IPv4 address`,
        `Give it a fixed one${range === null ? '' : ` in the network of ${range.from}`}: ip address add ADDRESS/PREFIX dev ${name}, and have your network settings do so at a start.`,
      ),
    ];
  if (range === null) return [];
  const from = ipv4Number(range.from);
  const to = ipv4Number(range.to);
  const networks = addresses
    .map(({ address, netmask }) => networkAround(address, netmask))
    .filter((network): network is Ipv4Network => network !== undefined);
  const home = networks.find((network) => from !== undefined && isWithin(network, from));
  const has = addresses.map(({ address, netmask }) => `${address} (${netmask})`).join(', ');
  if (home === undefined)
    return [
      failed(
        'interface',
        `${name} has ${has}: no address in the network of BASTION_DHCP_RANGE, which begins at ${range.from}`,
        `Give ${name} an address in that network, or set BASTION_DHCP_RANGE to addresses of its own.`,
      ),
    ];
  if (to === undefined || !isWithin(home, to))
    return [
      failed(
        'interface',
        `BASTION_DHCP_RANGE goes from ${range.from} to ${range.to}, beyond the network of ${name} (${has})`,
        'End the range within that network.',
      ),
    ];
  if (range.netmask !== null && range.netmask !== home.netmask)
    return [
      failed(
        'interface',
        `BASTION_DHCP_RANGE gives machines the netmask ${range.netmask}, ${name} has ${home.netmask}`,
        'Give both the same netmask, or leave it out of BASTION_DHCP_RANGE.',
      ),
    ];
  if (mode === 'full' && (from === home.first || to === home.last))
    return [
      failed(
        'interface',
        `BASTION_DHCP_RANGE holds the ${from === home.first ? 'first' : 'last'} address of its network, which no machine may have`,
        "Leave the network's first and last address out of the range.",
      ),
    ];
  return [];
}

function judgeMtu({ name, mtu }: InterfaceFacts): Finding[] {
  if (mtu === null || mtu === ETHERNET_MTU) return [];
  return [
    mtu < ETHERNET_MTU
      ? warning(
          'mtu',
          `${name} has an MTU of ${mtu}: machines begin with ${ETHERNET_MTU}, and what they send in one piece may not arrive`,
          `Set it to ${ETHERNET_MTU}: ip link set ${name} mtu ${ETHERNET_MTU}. If a tunnel or VLAN below allows no more, raise that one first.`,
        )
      : warning(
          'mtu',
          `${name} has an MTU of ${mtu}: firmware and installers begin with ${ETHERNET_MTU}, and each switch between has to take more`,
          `Set it to ${ETHERNET_MTU} unless the whole network is made for more: ip link set ${name} mtu ${ETHERNET_MTU}.`,
        ),
  ];
}

const SYS = '/sys/class/net';

/** Of this machine, now. */
export async function interfaceFacts(name: string): Promise<InterfaceFacts> {
  const folder = join(SYS, name);
  const text = (file: string): Promise<string | null> =>
    readFile(join(folder, file), 'utf8').then(
      (value) => value.trim(),
      () => null,
    );
  const isThere = (file: string): Promise<boolean> =>
    stat(join(folder, file)).then(
      () => true,
      () => false,
    );
  const [names, flags, carrier, mtu, master, isBridge, isWireless] = await Promise.all([
    readdir(SYS).catch(() => []),
    text('flags'),
    text('carrier'),
    text('mtu'),
    readlink(join(folder, 'master')).catch(() => null),
    isThere('bridge'),
    isThere('wireless'),
  ]);
  const addresses = (networkInterfaces()[name] ?? []).filter(({ family }) => family === 'IPv4');
  return {
    name,
    // sysfs shows the network namespace that it was mounted in, which need not be ours; Node asks the kernel, and lists what is up.
    exists: flags !== null || addresses.length > 0,
    // linux/if.h: IFF_UP.
    isUp: flags === null ? addresses.length > 0 : (Number(flags) & 1) !== 0,
    hasCarrier: carrier === null ? null : carrier === '1',
    mtu: mtu === null ? null : Number(mtu),
    addresses: addresses.map(({ address, netmask }) => ({ address, netmask })),
    ...{ isBridge, isWireless },
    master: master === null ? null : printable(basename(master)),
    others: names
      .filter((other) => other !== 'lo')
      .map((other) => printable(other))
      .slice(0, 32),
  };
}
