import { LabError } from '@lab/domain';
import Handlebars from 'handlebars';
import type { DhcpConfig } from '../config.js';

export interface DnsmasqValues {
  dhcp: DhcpConfig;
  bastionUrl: string;
  /** The user that dnsmasq becomes once it has its sockets, and its group: left out, it tries to join one of its own. */
  user: string;
  group: string;
  leaseFile: string;
  tftpRoot: string;
  /** Whether there is iPXE for BIOS machines. */
  bios: boolean;
}

/** BOOTP's field for the boot file has 128 bytes with the NUL; `dnsmasq --test` doesn't check it. */
const MAX_BOOT_FILE = 127;

/** What may stand in a value: dnsmasq splits at commas, `#` begins a comment, a newline would begin a line. */
const ALLOWED = {
  interface: /^[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$/,
  user: /^[a-z_][a-z0-9_-]{0,31}$/,
  path: /^\/\P{Cc}{0,400}$/u,
  bastionUrl: /^http:\/\/\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?$/,
  address: /^\d{1,3}(?:\.\d{1,3}){3}$/,
  lease: /^\d{1,6}[mhd]?$/,
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

/** As dnsmasq reads a text in double quotes: nothing in it has a meaning but `\\` and `"` (src/option.c, read_file; run). */
const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;

const numberOf = (address: string): number =>
  address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);

/** dnsmasq's configuration. Raises `environment` for a value that could mean more than itself. */
export function renderDnsmasqConfig(template: string, values: DnsmasqValues): string {
  const { dhcp } = values;
  const bastionUrl = allowed('bastionUrl', values.bastionUrl, 'BASTION_URL');
  if (`${bastionUrl}/netboot/ipxe.efi`.length > MAX_BOOT_FILE) {
    throw new LabError('environment', `BASTION_URL is too long for a DHCP answer`, {
      hint: 'Use an IPv4 address.',
    });
  }
  const { from, to, netmask, lease } = dhcp.range;
  const range = [
    allowed('address', from, 'BASTION_DHCP_RANGE'),
    allowed('address', to, 'BASTION_DHCP_RANGE'),
    ...(netmask === null ? [] : [allowed('address', netmask, 'BASTION_DHCP_RANGE')]),
    allowed('lease', lease, 'BASTION_DHCP_RANGE'),
  ].join(',');
  return Handlebars.compile(template, { noEscape: true, strict: true })({
    interface: allowed('interface', dhcp.interface, 'BASTION_DHCP_INTERFACE'),
    range,
    leases: Math.min(65_536, numberOf(to) - numberOf(from) + 1),
    user: allowed('user', values.user, 'The user for dnsmasq'),
    group: allowed('user', values.group, 'The group for dnsmasq'),
    leaseFile: quoted(allowed('path', values.leaseFile, 'BASTION_DIR')),
    tftpRoot: quoted(allowed('path', values.tftpRoot, 'BASTION_DIR')),
    bios: values.bios,
    bastionUrl,
  });
}
