import { printable, type MacAddress } from '@lab/domain';
import type { Neighbours } from '../machines/neighbours.js';
import type { DnsmasqLine } from './dnsmasq-log.js';
import type { NetbootEventPart } from './netboot-journal.js';

/** IANA, "Processor Architecture Types"; 9 as RFC 4578 first had it. */
const ARCHITECTURES: Readonly<Record<number, string>> = {
  0: 'BIOS',
  6: '32-bit UEFI',
  7: 'UEFI x64',
  9: 'UEFI x64',
  10: 'UEFI arm32',
  11: 'UEFI arm64',
  15: '32-bit UEFI, by HTTP',
  16: 'UEFI x64, by HTTP',
  19: 'UEFI arm64, by HTTP',
};

/** Exchanges and addresses that are remembered; the oldest go first. */
const MAX_EXCHANGES = 256;
const MAX_ADDRESSES = 8_192;
/** A line that belongs to an answer is there within this time, in ms: dnsmasq writes them together. */
const PATIENCE_MS = 250;
const USER_ABORT = 8;
const AUTOEXEC = /\/autoexec\.ipxe, which is not here$/;

export interface NarratorParts {
  add: (mac: MacAddress, event: NetbootEventPart) => void;
  /** Something that is wrong with dnsmasq or its networks. */
  finding: (text: string) => void;
  /** For machines that have their address from another server. */
  neighbours: Neighbours;
}

interface Answer {
  xid: string | null;
  mac: MacAddress;
  event: NetbootEventPart;
}

/** Tells from dnsmasq's lines what happened to which machine. */
export class NetbootNarrator {
  /** What the machine of an exchange said of itself, by xid. */
  #exchanges = new Map<string, { vendorClass?: string; userClass?: string }>();
  #macs = new Map<string, MacAddress>();
  /** An answer that may yet be said more of. */
  #answer: Answer | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Who has just broken off: dnsmasq says "sent" of it all the same, right after (run). */
  #brokenOff: string | undefined;

  constructor(private readonly parts: NarratorParts) {}

  take(line: DnsmasqLine): void {
    switch (line.kind) {
      case 'dhcp':
        this.#takeDhcp(line);
        return;
      case 'detail':
        this.#takeDetail(line);
        return;
      case 'finding':
        this.parts.finding(printable(line.text));
        return;
      default:
        this.#takeTftp(line);
    }
  }

  /** Writes down what waits. */
  flush(): void {
    clearTimeout(this.#timer);
    const answer = this.#answer;
    this.#answer = undefined;
    if (answer !== undefined) this.parts.add(answer.mac, answer.event);
  }

  #takeDhcp(line: Extract<DnsmasqLine, { kind: 'dhcp' }>): void {
    this.flush();
    const { type, xid, mac, address, text } = line;
    switch (type) {
      case 'discover':
        this.parts.add(mac, this.#asked(xid, address, text));
        return;
      case 'offer':
        this.#remember(address, mac);
        this.#wait({ xid, mac, event: { type: 'offer', address, text: 'was offered an address' } });
        return;
      case 'ack':
        this.#remember(address, mac);
        this.#wait({ xid, mac, event: { type: 'lease', address, text: named('got its address', text) } });
        return;
      case 'pxe':
        this.#proxied(line);
        return;
      case 'nak':
        this.parts.add(mac, {
          type: 'refused',
          address,
          text: text === '' ? 'may not have that address' : text,
        });
        return;
      case 'decline':
        this.parts.add(mac, {
          type: 'refused',
          address,
          text: 'the machine says that another one has that address',
        });
        return;
      case 'release':
      case 'request':
      case 'inform':
      case 'bootp':
        return;
    }
  }

  #asked(xid: string | null, address: string | null, text: string): NetbootEventPart {
    const who = this.#describe(xid);
    if (text === 'no address available')
      return { type: 'no-address', address, text: `${who} asks for an address, and all are taken` };
    if (text === 'no unique-id')
      return { type: 'no-address', address, text: `${who} asks for an address without saying who it is` };
    return {
      type: 'discover',
      address,
      text: text === 'ignored' ? `${who} asks, and is ignored` : `${who} asks for an address`,
    };
  }

  /** In proxy mode the address is another server's affair. The answer of port 4011 is logged in the same words (run). */
  #proxied({ xid, mac, text, address }: Extract<DnsmasqLine, { kind: 'dhcp' }>): void {
    const who = this.#describe(xid);
    if (text === 'proxy-ignored') {
      this.parts.add(mac, { type: 'discover', text: `${who} asks what to boot: there is nothing for it` });
      return;
    }
    const event = { type: 'offer', address: text === 'proxy' ? null : address } as const;
    this.#wait({ xid, mac, event: { ...event, text: `${who} was told where to boot from` } });
  }

  #takeDetail({ xid, what, text }: Extract<DnsmasqLine, { kind: 'detail' }>): void {
    if (what === 'boot-file') {
      const answer = this.#answer;
      if (answer === undefined || answer.xid !== xid || text === '') return;
      answer.event = { ...answer.event, text: `${answer.event.text}; boot file ${text}` };
      this.flush();
      return;
    }
    const known = this.#exchanges.get(xid) ?? {};
    this.#exchanges.delete(xid);
    this.#exchanges.set(xid, { ...known, [what === 'vendor-class' ? 'vendorClass' : 'userClass']: text });
    dropOldest(this.#exchanges, MAX_EXCHANGES);
  }

  #describe(xid: string | null): string {
    const { vendorClass = '', userClass = '' } = this.#exchanges.get(xid ?? '') ?? {};
    if (userClass.includes('iPXE')) return 'iPXE';
    const arch = /^(?:PXE|HTTP)Client:Arch:(\d{5})/.exec(vendorClass)?.[1];
    if (arch === undefined) return 'the machine';
    return `firmware (${ARCHITECTURES[Number(arch)] ?? `unknown architecture ${Number(arch)}`})`;
  }

  #takeTftp(line: Extract<DnsmasqLine, { kind: `tftp-${string}` }>): void {
    const wasBrokenOff = this.#brokenOff;
    this.#brokenOff = undefined;
    if (line.kind === 'tftp-client-error') {
      this.#brokenOff = line.address;
      // Firmware asks for the size first, and breaks off when it knows it (RFC 2349).
      if (line.code === USER_ABORT || /abort|terminat/i.test(line.text)) return;
      this.#tell(line.address, { type: 'tftp-error', text: `TFTP error ${line.code}: ${line.text}` });
      return;
    }
    if (line.kind === 'tftp-sent') {
      if (wasBrokenOff === line.address) return;
      this.#tell(line.address, { type: 'boot-file', text: `fetched ${nameOf(line.path)} by TFTP` });
      return;
    }
    // iPXE asks for it in case there is one.
    if (AUTOEXEC.test(line.text)) return;
    if (line.address === null) this.parts.finding(printable(`TFTP ${line.text}`));
    else this.#tell(line.address, { type: 'tftp-error', text: `TFTP: ${line.text}` });
  }

  #tell(address: string, event: NetbootEventPart): void {
    this.flush();
    const mac = this.#macs.get(address);
    if (mac !== undefined) {
      this.parts.add(mac, { ...event, address });
      return;
    }
    void this.parts.neighbours(address).then((found) => {
      if (found !== null) this.parts.add(found, { ...event, address });
    });
  }

  #wait(answer: Answer): void {
    this.#answer = answer;
    this.#timer = setTimeout(() => this.flush(), PATIENCE_MS).unref();
  }

  #remember(address: string | null, mac: MacAddress): void {
    if (address === null) return;
    this.#macs.delete(address);
    this.#macs.set(address, mac);
    dropOldest(this.#macs, MAX_ADDRESSES);
  }
}

function dropOldest(map: Map<string, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}

const named = (text: string, hostname: string): string =>
  hostname === '' ? text : `${text} as ${printable(hostname)}`;

const nameOf = (path: string): string => path.split('/').at(-1) ?? path;
