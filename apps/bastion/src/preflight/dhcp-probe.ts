import { createSocket, type Socket } from 'node:dgram';
import { randomBytes, randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { printable } from '@lab/domain';
import { codeOf } from '../storage/storage-error.js';
import { discover, readOffer, type ClientKind, type Offer } from './dhcp-packet.js';

/** An offer, to whom it was made, and the sender's MAC address if this machine has learnt it. */
export interface HeardOffer extends Offer {
  kind: ClientKind;
  mac: string | null;
}

export type DhcpAnswers = { offers: readonly HeardOffer[] } | { refusal: string };

/** Asked again after so long, in ms: a packet may be lost, and a switch that has just seen a link forwards nothing for a while. */
const AGAIN_MS = 2_000;
/**
 * How long offers are waited for, in ms. A server that pings an address before it offers it takes up to 3 s (dnsmasq
 * src/config.h PING_WAIT; ISC dhcpd 1 s).
 */
export const LISTEN_MS = 4_500;
const MAX_OFFERS = 64;

/**
 * Asks all DHCP servers of an interface's segment for an offer, once as a plain client and once as one that netboots, and
 * takes none: no server keeps anything. `address` is this machine's own on that interface.
 *
 * Two sockets: one on every address hears the answers, which are broadcasts; the sender's is bound to the interface's own
 * address, which selects the interface without a default route.
 */
export async function askForOffers(address: string, listenMs = LISTEN_MS): Promise<DhcpAnswers> {
  const listener = createSocket({ type: 'udp4', reuseAddr: true });
  const sender = createSocket({ type: 'udp4', reuseAddr: true });
  try {
    await bound(listener, '0.0.0.0');
    await bound(sender, address);
    sender.setBroadcast(true);
    return { offers: await conversation(listener, sender, listenMs) };
  } catch (error) {
    return { refusal: refusalOf(error) };
  } finally {
    listener.close();
    sender.close();
  }
}

async function conversation(listener: Socket, sender: Socket, listenMs: number): Promise<HeardOffer[]> {
  // The same client twice, locally administered, of a group of our own: one that pings has the address in its cache.
  const mac = Buffer.concat([Buffer.from([0x02, 0x4c, 0x41]), randomBytes(3)]);
  const questions = (['plain', 'pxe'] as const).map((kind) => ({ kind, xid: randomInt(1, 2 ** 32) }));
  const heard = new Map<string, HeardOffer>();
  listener.on('message', (packet, { address: from }) => {
    for (const { kind, xid } of questions) {
      const offer = readOffer(packet, xid, from);
      const key = `${kind} ${offer?.server ?? ''}`;
      if (offer === undefined || heard.size >= MAX_OFFERS || heard.has(key)) continue;
      heard.set(key, { ...offer, kind, mac: null });
      // A packet to the discard port makes the kernel ask who has that address: a broadcast taught it nothing.
      sender.send('', 9, from, () => undefined);
    }
  });
  const failure = new Promise<never>((_, fail) => listener.once('error', fail));
  failure.catch(() => undefined);
  const ask = (): Promise<unknown> =>
    Promise.all(questions.map(({ kind, xid }) => send(sender, discover({ xid, mac, kind }))));
  await ask();
  const again = setTimeout(() => void ask().catch(() => undefined), AGAIN_MS);
  const end = new Promise((done) => setTimeout(done, listenMs));
  try {
    await Promise.race([end, failure]);
  } finally {
    clearTimeout(again);
  }
  const neighbours = await neighbourMacs();
  return [...heard.values()].map((offer) => ({ ...offer, mac: neighbours.get(offer.server) ?? null }));
}

function bound(socket: Socket, address: string): Promise<void> {
  return new Promise((settle, fail) => {
    socket.once('error', fail);
    socket.bind({ address, port: 68, exclusive: true }, () => {
      socket.off('error', fail);
      settle();
    });
  });
}

/** Without a callback Node drops the error of a network that can't be reached. */
const send = (socket: Socket, packet: Buffer): Promise<void> =>
  new Promise((settle, fail) => {
    socket.send(packet, 67, '255.255.255.255', (error) => (error === null ? settle() : fail(error)));
  });

/** proc(5), /proc/net/arp: `IP type flags MAC mask device`. */
async function neighbourMacs(): Promise<Map<string, string>> {
  const table = await readFile('/proc/net/arp', 'utf8').catch(() => '');
  const macs = new Map<string, string>();
  for (const line of table.split('\n').slice(1)) {
    const [ip = '', , flags, mac = ''] = line.trim().split(/\s+/);
    if (flags !== '0x0' && /^[0-9a-f:]{17}$/.test(mac)) macs.set(ip, mac);
  }
  return macs;
}

function refusalOf(error: unknown): string {
  const code = codeOf(error);
  if (code === 'EACCES' || code === 'EPERM') return 'this user may not use port 68';
  if (code === 'EADDRINUSE') return 'port 68 is held by a DHCP client that shares it with nobody';
  if (code === 'ENETUNREACH' || code === 'EHOSTUNREACH' || code === 'ENETDOWN')
    return 'the interface sends nothing';
  return printable(error instanceof Error ? error.message : String(error));
}
