import { LabError } from '@lab/domain';
import Handlebars from 'handlebars';
import type { HostReservation } from './admission.js';
import type { DhcpNetwork } from './dhcp-network.js';
import { ipv4Number } from './ipv4.js';

/** The first programs, by the names that TFTP and HTTP serve them under. */
export const BOOT_FILES = { x64: 'ipxe.efi', bios: 'undionly.kpxe', arm64: 'ipxe-arm64.efi' } as const;

export interface DnsmasqValues {
  networks: readonly DhcpNetwork[];
  /** The only interfaces that it listens on; those that don't exist yet may come. */
  interfaces: readonly string[];
  bastionUrl: string;
  /** The user that dnsmasq becomes once it has its sockets, and its group: left out, it tries to join one of its own. */
  user: string;
  group: string;
  leaseFile: string;
  hostsFile: string;
  tftpRoot: string;
  /** Whether there is iPXE for BIOS machines, and for arm64. */
  bios: boolean;
  arm64: boolean;
}

/** BOOTP's field for the boot file has 128 bytes with the NUL (RFC 2131 §2); `dnsmasq --test` doesn't check it. */
const MAX_BOOT_FILE = 127;
/** dnsmasq keeps every lease in memory. */
const MAX_LEASES = 65_536;

/** What may stand in a value: dnsmasq splits at commas, `#` begins a comment, a newline would begin a line. */
const ALLOWED = {
  interface: /^[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$/,
  user: /^[a-z_][a-z0-9_-]{0,31}$/,
  path: /^\/\P{Cc}{0,400}$/u,
  bastionUrl: /^http:\/\/\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?$/,
  domain: /^[a-zA-Z0-9](?:[a-zA-Z0-9.-]{0,251}[a-zA-Z0-9])?$/,
  mac: /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/,
  hostname: /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
} as const;

function allowed(what: keyof typeof ALLOWED, value: string, setting: string): string {
  if (ALLOWED[what].test(value)) return value;
  throw new LabError(
    'environment',
    `${setting} can't be used in dnsmasq's configuration: ${JSON.stringify(value)}`,
    {
      hint:
        what === 'path'
          ? 'Choose an absolute path of at most 400 characters, without control characters.'
          : 'Choose a value of plain letters, digits and "_ . -".',
    },
  );
}

function address(value: string, setting: string): string {
  if (ipv4Number(value) !== undefined) return value;
  throw new LabError('environment', `${setting} is not an IPv4 address: ${JSON.stringify(value)}`, {
    hint: 'Write four numbers with dots, such as 192.168.77.100.',
  });
}

/** As dnsmasq reads a text in double quotes: nothing in it has a meaning but `\\` and `"` (src/option.c, read_file; run). */
const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;

/** dnsmasq's configuration. Raises `environment` for a value that could mean more than itself. */
export function renderDnsmasqConfig(template: string, values: DnsmasqValues): string {
  const { networks, bios, arm64 } = values;
  const bastionUrl = allowed('bastionUrl', values.bastionUrl, 'BASTION_URL');
  const longest = Math.max(
    ...Object.values(BOOT_FILES).map((name) => `${bastionUrl}/netboot/${name}`.length),
  );
  if (longest > MAX_BOOT_FILE) {
    throw new LabError('environment', `BASTION_URL is too long for a DHCP answer`, {
      hint: 'Use an IPv4 address.',
    });
  }
  const full = networks.filter(({ mode }) => mode === 'full');
  return Handlebars.compile(template, { noEscape: true, strict: true })({
    interfaces: values.interfaces.map((name) => allowed('interface', name, 'BASTION_DHCP_INTERFACE')),
    networks: networks.map((network, index) => ({
      tag: `n${index}`,
      isProxy: network.mode === 'proxy',
      ranges: rangesOf(network),
      options: network.mode === 'full' ? optionsOf(network) : [],
    })),
    hasFull: full.length > 0,
    hasProxy: full.length < networks.length,
    leases: Math.min(
      MAX_LEASES,
      full.reduce((sum, network) => sum + addressesOf(network), 0),
    ),
    user: allowed('user', values.user, 'The user for dnsmasq'),
    group: allowed('user', values.group, 'The group for dnsmasq'),
    leaseFile: quoted(allowed('path', values.leaseFile, 'BASTION_DIR')),
    hostsFile: quoted(allowed('path', values.hostsFile, 'BASTION_DIR')),
    tftpRoot: quoted(allowed('path', values.tftpRoot, 'BASTION_DIR')),
    names: BOOT_FILES,
    bios,
    arm64,
    bastionUrl,
  });
}

function rangesOf({ mode, address: own, netmask, ranges, leaseSeconds }: DhcpNetwork): string[] {
  const mask = netmask === null ? [] : [address(netmask, 'A netmask')];
  if (mode === 'proxy') return [[address(own, 'A network'), 'proxy', ...mask].join(',')];
  if (!Number.isSafeInteger(leaseSeconds) || leaseSeconds < 120)
    throw new LabError('environment', `${leaseSeconds} is not a time for a lease`, {
      hint: 'Choose 120 seconds or more.',
    });
  const end = [...mask, String(leaseSeconds)];
  if (ranges.length === 0) return [[address(own, 'A network'), 'static', ...end].join(',')];
  return ranges.map(({ first, last }) =>
    [address(first, 'A range'), address(last, 'A range'), ...end].join(','),
  );
}

/** An option without a value is one that isn't sent: else dnsmasq names itself as router (rfc2131.c, do_options). */
function optionsOf({ gateway, domain, nameservers }: DhcpNetwork): string[] {
  const router =
    gateway === 'none' ? ['3'] : gateway === 'own' ? [] : [`3,${address(gateway.address, 'A gateway')}`];
  const servers = nameservers.map((server) => address(server, 'A DNS server'));
  return [
    ...router,
    ['6', ...servers].join(','),
    ...(domain === null ? [] : [`15,${allowed('domain', domain, 'A domain')}`]),
  ];
}

/** Those that are reserved outside the ranges need room, too: as many again. */
const addressesOf = ({ ranges }: DhcpNetwork): number =>
  1_000 +
  2 *
    ranges.reduce((sum, { first, last }) => sum + (ipv4Number(last) ?? 0) - (ipv4Number(first) ?? 0) + 1, 0);

/** What dnsmasq's `dhcp-hostsfile` says: `MAC,ADDRESS[,NAME]` a line. */
export function renderHostsFile(reservations: readonly HostReservation[]): string {
  return reservations
    .map(({ mac, address: own, hostname }) => {
      const parts = [allowed('mac', mac, 'A MAC address'), address(own, 'A reserved address')];
      if (hostname !== null) parts.push(allowed('hostname', hostname, 'A host name'));
      return `${parts.join(',')}\n`;
    })
    .join('');
}
