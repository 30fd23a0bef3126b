import { printable } from '@lab/domain';

/** Who is asking: a plain client, which full servers answer, or one that netboots, which proxy servers answer, too. */
export type ClientKind = 'plain' | 'pxe';

/** What a DHCP server offered (RFC 2131 §2). Its texts are of unknown origin, made safe to show. */
export interface Offer {
  /** Option 54; without it, where the packet came from. */
  server: string;
  /** `0.0.0.0`: no address, as proxy servers answer. */
  address: string;
  netmask: string | null;
  router: string | null;
  domain: string | null;
  /** The boot file that it names, in the packet's field or in option 67. */
  bootFile: string | null;
  /** It answers as a PXE server: option 60 `PXEClient`. */
  isPxe: boolean;
}

const HEADER = 236;
const COOKIE = Buffer.from([99, 130, 83, 99]);
const OPTION = {
  pad: 0,
  netmask: 1,
  router: 3,
  domain: 15,
  overload: 52,
  type: 53,
  server: 54,
  asked: 55,
  vendor: 60,
  bootFile: 67,
  arch: 93,
  undi: 94,
  uuid: 97,
  end: 255,
} as const;
const DISCOVER = 1;
const OFFER = 2;
/** A reply to the broadcast address: nobody has that address. */
const BROADCAST = 0x8000;

const option = (code: number, ...data: readonly number[]): Buffer =>
  Buffer.from([code, data.length, ...data]);

/** A DHCPDISCOVER. Asks to be answered by broadcast; without a client identifier, so that no server keeps one. */
export function discover({ xid, mac, kind }: { xid: number; mac: Buffer; kind: ClientKind }): Buffer {
  const head = Buffer.alloc(HEADER);
  head.set([1, 1, 6, 0]);
  head.writeUInt32BE(xid, 4);
  head.writeUInt16BE(BROADCAST, 10);
  mac.copy(head, 28, 0, 6);
  const pxe =
    kind === 'plain'
      ? []
      : [
          // RFC 4578: x86-64 UEFI, UNDI 3.16, and a UUID that nobody has.
          option(OPTION.vendor, ...Buffer.from('PXEClient:Arch:00007:UNDI:003016')),
          option(OPTION.arch, 0, 7),
          option(OPTION.undi, 1, 3, 16),
          option(OPTION.uuid, 0, ...Buffer.alloc(16, 0)),
        ];
  const asked = option(
    OPTION.asked,
    OPTION.netmask,
    OPTION.router,
    6,
    OPTION.domain,
    43,
    OPTION.server,
    OPTION.vendor,
    66,
    OPTION.bootFile,
  );
  const message = Buffer.concat([
    head,
    COOKIE,
    option(OPTION.type, DISCOVER),
    asked,
    ...pxe,
    Buffer.from([OPTION.end]),
  ]);
  // BOOTP's least length, which some servers insist on (RFC 951).
  return Buffer.concat([message, Buffer.alloc(Math.max(0, 300 - message.length))]);
}

/** The offer in a packet, if it is one and answers `xid`; undefined for whatever else has come. Never throws. */
export function readOffer(packet: Buffer, xid: number, from: string): Offer | undefined {
  if (packet.length < HEADER + 4 || packet[0] !== 2 || packet.readUInt32BE(4) !== xid) return undefined;
  if (!packet.subarray(HEADER, HEADER + 4).equals(COOKIE)) return undefined;
  const options = optionsOf(packet.subarray(HEADER + 4));
  if (options.get(OPTION.type)?.[0] !== OFFER) return undefined;
  // RFC 2132 §9.3: with 1 or 3 the file field holds options.
  const overload = options.get(OPTION.overload)?.[0] ?? 0;
  const field = (overload & 1) === 0 ? text(packet.subarray(108, HEADER)) : null;
  return {
    server: address(options.get(OPTION.server)) ?? printable(from),
    address: [...packet.subarray(16, 20)].join('.'),
    netmask: address(options.get(OPTION.netmask)),
    router: address(options.get(OPTION.router)),
    domain: text(options.get(OPTION.domain)),
    bootFile: field ?? text(options.get(OPTION.bootFile)),
    isPxe: (text(options.get(OPTION.vendor)) ?? '').startsWith('PXEClient'),
  };
}

/** The first of each code counts; what goes beyond the packet's end is left out. */
function optionsOf(bytes: Buffer): Map<number, Buffer> {
  const options = new Map<number, Buffer>();
  for (let at = 0; at < bytes.length;) {
    const code = bytes[at] ?? OPTION.end;
    if (code === OPTION.end) break;
    if (code === OPTION.pad) {
      at += 1;
      continue;
    }
    const length = bytes[at + 1] ?? 0;
    const end = at + 2 + length;
    if (end > bytes.length) break;
    if (!options.has(code)) options.set(code, bytes.subarray(at + 2, end));
    at = end;
  }
  return options;
}

const address = (bytes: Buffer | undefined): string | null =>
  bytes === undefined || bytes.length < 4 ? null : [...bytes.subarray(0, 4)].join('.');

function text(bytes: Buffer | undefined): string | null {
  if (bytes === undefined) return null;
  const end = bytes.indexOf(0);
  const value = printable((end < 0 ? bytes : bytes.subarray(0, end)).toString('utf8'));
  return value === '' ? null : value;
}
