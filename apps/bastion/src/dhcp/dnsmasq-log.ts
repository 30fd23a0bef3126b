import { parseMac, type MacAddress } from '@lab/domain';

/** What a DHCP message was, by the word that dnsmasq writes for it (src/rfc2131.c, log_packet). */
const TYPES = {
  DHCPDISCOVER: 'discover',
  DHCPOFFER: 'offer',
  DHCPREQUEST: 'request',
  DHCPACK: 'ack',
  DHCPNAK: 'nak',
  DHCPDECLINE: 'decline',
  DHCPRELEASE: 'release',
  DHCPINFORM: 'inform',
  PXE: 'pxe',
  BOOTP: 'bootp',
} as const;
type DhcpType = (typeof TYPES)[keyof typeof TYPES];

/** A line of dnsmasq's log that says something. */
export type DnsmasqLine =
  | {
      kind: 'dhcp';
      type: DhcpType;
      /** Of the exchange; null without `log-dhcp`. */
      xid: string | null;
      interface: string;
      address: string | null;
      mac: MacAddress;
      /** A host name, or why not: that depends on the type. Of anybody. */
      text: string;
    }
  /** More of the exchange with that xid. */
  | { kind: 'detail'; xid: string; what: 'vendor-class' | 'user-class' | 'boot-file'; text: string }
  | { kind: 'tftp-sent'; path: string; address: string }
  | { kind: 'tftp-failed'; address: string | null; text: string }
  /** The machine said so. */
  | { kind: 'tftp-client-error'; address: string; code: number; text: string }
  /** Something is wrong with what dnsmasq was told, or with this machine. */
  | { kind: 'finding'; text: string };

const LINE = /^dnsmasq(?:-(dhcp|tftp))?(?:\[\d+\])?: (.*)$/s;
const PACKET =
  /^(?:(\d+) )?([A-Z]+)\(([^)\s]{1,15})\) (?:(\d{1,3}(?:\.\d{1,3}){3}) )?([0-9a-f][0-9a-f:-]{10,80}) ?(.*)$/s;
const DETAIL =
  /^(\d+) (?:(vendor class|user class|bootfile name): (.*)|sent size: *\d+ option: *67 bootfile-name +(.*))$/s;
const ADDRESS = String.raw`(\d{1,3}(?:\.\d{1,3}){3})`;
// Paths and texts are a stranger's: what stands at the end of the line is dnsmasq's own.
const SENT = new RegExp(`^sent (.*) to ${ADDRESS}$`, 's');
const NOT_SENT = new RegExp(`^failed sending (.*) to ${ADDRESS}$`, 's');
const NOT_FOUND = new RegExp(`^file (.*) not found for ${ADDRESS}$`, 's');
const CLIENT_ERROR = new RegExp(`^error (\\d+) (.*) received from ${ADDRESS}$`, 's');
const NO_ACCESS = /^cannot access (.*)$/s;

/** Lines that a person should know of; all of src/{option,dhcp,dhcp-common,lease,rfc2131}.c. */
const FINDINGS = [
  /^no address range available for DHCP request /,
  /^not using configured address /,
  /^disabling DHCP static address /,
  /^DHCP packet received on \S+ which has no address$/,
  /^cannot send DHCP\/BOOTP option \d+: no space left in packet$/,
  /^Error sending DHCP packet to /,
  /^failed to write .* \(retry in \d+ s\)$/,
  /^ignoring invalid line in lease database/,
  /^duplicate (?:IP address|dhcp-host IP address) /,
  /^bad .* at line \d+ of /,
  /^DHCP range .* is not consistent with netmask /,
] as const;

/** Reads a line as dnsmasq 2.90 writes it to `log-facility=-` with LC_ALL=C; null for one that says nothing of interest. */
export function parseDnsmasqLine(line: string): DnsmasqLine | null {
  const [, part, text = ''] = LINE.exec(line) ?? [];
  if (part === 'tftp') return parseTftp(text);
  if (part === 'dhcp') {
    const parsed = parsePacket(text) ?? parseDetail(text);
    if (parsed !== null) return parsed;
  }
  const finding = text.replace(/^\d+ /, '');
  return FINDINGS.some((pattern) => pattern.test(finding)) ? { kind: 'finding', text: finding } : null;
}

function parsePacket(text: string): DnsmasqLine | null {
  const [, xid = null, word = '', iface = '', address = null, hardware = '', rest = ''] =
    PACKET.exec(text) ?? [];
  const mac = parseMac(hardware);
  if (!isType(word) || mac === undefined) return null;
  return { kind: 'dhcp', type: TYPES[word], xid, interface: iface, address, mac, text: rest.trimEnd() };
}

const isType = (word: string): word is keyof typeof TYPES => Object.hasOwn(TYPES, word);

function parseDetail(text: string): DnsmasqLine | null {
  const [, xid, what, said, option] = DETAIL.exec(text) ?? [];
  if (xid === undefined) return null;
  return {
    kind: 'detail',
    xid,
    what: what === 'vendor class' ? 'vendor-class' : what === 'user class' ? 'user-class' : 'boot-file',
    text: (said ?? option ?? '').trimEnd(),
  };
}

function parseTftp(text: string): DnsmasqLine | null {
  const sent = SENT.exec(text);
  if (sent !== null) return { kind: 'tftp-sent', path: sent[1] ?? '', address: sent[2] ?? '' };
  const late = NOT_SENT.exec(text);
  if (late !== null)
    return {
      kind: 'tftp-failed',
      address: late[2] ?? null,
      text: `it stopped answering while it was sent ${late[1]}`,
    };
  const missing = NOT_FOUND.exec(text);
  if (missing !== null)
    return {
      kind: 'tftp-failed',
      address: missing[2] ?? null,
      text: `asked for ${missing[1]}, which is not here`,
    };
  const error = CLIENT_ERROR.exec(text);
  if (error !== null)
    return {
      kind: 'tftp-client-error',
      address: error[3] ?? '',
      code: Number(error[1]),
      text: error[2] ?? '',
    };
  const access = NO_ACCESS.exec(text);
  return access === null ? null : { kind: 'tftp-failed', address: null, text: `can't read ${access[1]}` };
}
