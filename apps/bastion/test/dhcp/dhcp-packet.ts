/** A DHCP message, as far as the tests send and look at it (RFC 2131 §2). */
export interface DhcpPacket {
  op: number;
  xid: number;
  broadcast: boolean;
  ciaddr: string;
  yiaddr: string;
  siaddr: string;
  giaddr: string;
  mac: string;
  file: string;
  /** Option codes with their bytes; one that was split is whole again. */
  options: Map<number, Buffer>;
}

export const DHCP = {
  discover: 1,
  offer: 2,
  request: 3,
  ack: 5,
  nak: 6,
  release: 7,
} as const;

const COOKIE = Buffer.from([99, 130, 83, 99]);

export const ipBytes = (address: string): Buffer => Buffer.from(address.split('.').map(Number));
export const ipText = (bytes: Buffer | undefined): string | null =>
  bytes === undefined ? null : [...bytes].join('.');

export function encodeDhcp(packet: Omit<DhcpPacket, 'yiaddr' | 'siaddr' | 'file' | 'op'>): Buffer {
  const head = Buffer.alloc(236);
  head[0] = 1;
  head[1] = 1;
  head[2] = 6;
  head.writeUInt32BE(packet.xid, 4);
  if (packet.broadcast) head.writeUInt16BE(0x8000, 10);
  ipBytes(packet.ciaddr).copy(head, 12);
  ipBytes(packet.giaddr).copy(head, 24);
  if (packet.giaddr !== '0.0.0.0') head[3] = 1;
  Buffer.from(packet.mac.replaceAll(':', ''), 'hex').copy(head, 28);
  const options = [...packet.options].flatMap(([code, data]) => [Buffer.from([code, data.length]), data]);
  const all = Buffer.concat([head, COOKIE, ...options, Buffer.from([255])]);
  // BOOTP's least length, which some servers ask for.
  return all.length >= 300 ? all : Buffer.concat([all, Buffer.alloc(300 - all.length)]);
}

export function decodeDhcp(bytes: Buffer): DhcpPacket {
  const at = (offset: number): string => [...bytes.subarray(offset, offset + 4)].join('.');
  return {
    op: bytes[0] ?? 0,
    xid: bytes.readUInt32BE(4),
    broadcast: (bytes.readUInt16BE(10) & 0x8000) !== 0,
    ciaddr: at(12),
    yiaddr: at(16),
    siaddr: at(20),
    giaddr: at(24),
    mac: bytes.toString('hex', 28, 34).replace(/(..)(?=.)/g, '$1:'),
    file: bytes.toString('latin1', 108, 236).replace(/\0.*$/s, ''),
    options: optionsOf(bytes.subarray(240)),
  };
}

/** Options, and those that are encapsulated in one. */
export function optionsOf(bytes: Buffer): Map<number, Buffer> {
  const options = new Map<number, Buffer>();
  for (let at = 0; at < bytes.length;) {
    const code = bytes[at] ?? 255;
    if (code === 255) break;
    if (code === 0) {
      at += 1;
      continue;
    }
    const length = bytes[at + 1] ?? 0;
    const data = bytes.subarray(at + 2, at + 2 + length);
    options.set(code, Buffer.concat([options.get(code) ?? Buffer.alloc(0), data]));
    at += 2 + length;
  }
  return options;
}
