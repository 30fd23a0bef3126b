import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { printable } from '@lab/domain';
import { ipv4Number, ipv4Text, networkAround } from '../dhcp/ipv4.js';
import { codeOf } from '../storage/storage-error.js';
import type { Attempt, Outcome, ProbeOrder } from './reach-attempt.js';

export type ReachAnswers =
  { outcomes: readonly { attempt: Attempt; outcome: Outcome }[] } | { untried: string };

export interface ReachOrder {
  /** Has to be a bridge. */
  bridge: string;
  address: string;
  netmask: string;
  /** Addresses that machines may have: better not taken. */
  range: { from: string; to: string } | null;
  attempts: readonly Attempt[];
}

const PROGRAM = fileURLToPath(new URL('./reach-probe.js', import.meta.url));
const CANDIDATES = 8;
/** ARP asks three times, a second apart; whoever is there answers the first (arp(7), mcast_solicit). */
const ARP_MS = 1_200;
const run = promisify(execFile);

/** Tries everything from a namespace that hangs on the bridge by a cable of its own. Leaves nothing behind. */
export async function tryFromNamespace(order: ReachOrder): Promise<ReachAnswers> {
  const address = await freeAddress(order);
  if (address === undefined) return { untried: `no address of the network of ${order.bridge} is free` };
  await using echoes = new AsyncDisposableStack();
  try {
    for (const attempt of order.attempts)
      if (attempt.kind === 'echo') echoes.defer(await echo(order.address, attempt));
    return await inNamespace(order, address);
  } catch (error) {
    return { untried: reasonOf(error) };
  }
}

async function inNamespace(order: ReachOrder, address: string): Promise<ReachAnswers> {
  const child = spawn('unshare', ['--net', '--', process.execPath, PROGRAM], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    if (complaint.length < 500) complaint += chunk.toString('utf8');
  });
  child.stdin.on('error', () => undefined);
  const spawned = new Promise<never>((_, fail) => child.once('error', fail));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { value, done } = await Promise.race([lines.next(), spawned]);
    if (done === true)
      throw new Error(complaint.trim() === '' ? 'the namespace ended early' : complaint.trim());
    return value;
  };
  try {
    await next();
    const tag = randomBytes(3).toString('hex');
    const [outside, device] = [`labdr${tag}`, `labdp${tag}`];
    await run('ip', [
      'link',
      'add',
      outside,
      'type',
      'veth',
      'peer',
      'name',
      device,
      'netns',
      String(child.pid),
    ]);
    await run('ip', ['link', 'set', outside, 'master', order.bridge, 'up']);
    const prefix = networkAround(order.address, order.netmask)?.prefix ?? 24;
    const { attempts } = order;
    const told: ProbeOrder = { target: order.address, address, prefix, device, attempts };
    child.stdin.write(`${JSON.stringify(told)}\n`);
    const outcomes: { attempt: Attempt; outcome: Outcome }[] = [];
    for (const attempt of attempts) outcomes.push({ attempt, outcome: JSON.parse(await next()) as Outcome });
    return { outcomes };
  } finally {
    // The end of its input ends it, and with it the namespace and the cable.
    child.stdin.end();
    child.kill();
  }
}

/** An address of the network that nobody answers for, outside the range if there is one. */
async function freeAddress({ address, netmask, range }: ReachOrder): Promise<string | undefined> {
  const network = networkAround(address, netmask);
  if (network === undefined || network.prefix > 30) return undefined;
  const [own, from, to] = [ipv4Number(address), ipv4Number(range?.from ?? ''), ipv4Number(range?.to ?? '')];
  const isGiven = (number: number): boolean =>
    from !== undefined && to !== undefined && number >= from && number <= to;
  const all: number[] = [];
  for (let number = network.last - 1; number > network.first && all.length < 1024; number -= 1)
    if (number !== own) all.push(number);
  const candidates = [...all.filter((number) => !isGiven(number)), ...all.filter(isGiven)]
    .slice(0, CANDIDATES)
    .map(ipv4Text);
  await Promise.all(candidates.map(knock));
  await pause(ARP_MS);
  const table = await readFile('/proc/net/arp', 'utf8').catch(() => '');
  const taken = new Set(
    table
      .split('\n')
      .map((line) => line.split(/\s+/))
      // linux/if_arp.h: ATF_COM, the address is complete.
      .filter(([, , flags]) => (Number(flags) & 2) !== 0)
      .map(([ip]) => ip),
  );
  return candidates.find((candidate) => !taken.has(candidate));
}

/** Makes the kernel ask by ARP who has it: a packet to the discard port. */
function knock(address: string): Promise<void> {
  const socket = createSocket('udp4');
  return new Promise<void>((settle) => {
    socket.once('error', () => settle());
    socket.send('', 9, address, () => settle());
  }).finally(() => socket.close());
}

/** A socket that answers with what it gets, in place of the bastion's. Raises what `bind` raises. */
async function echo(
  address: string,
  { protocol, port }: Attempt & { kind: 'echo' },
): Promise<() => Promise<void>> {
  if (protocol === 'tcp') {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end();
    });
    await new Promise<void>((settle, fail) => {
      server.once('error', fail);
      server.listen({ host: address, port, exclusive: true }, settle);
    });
    return () => new Promise((settle) => server.close(() => settle()));
  }
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  await new Promise<void>((settle, fail) => {
    socket.once('error', fail);
    socket.bind({ address, port, exclusive: true }, settle);
  });
  socket.on('error', () => undefined);
  socket.on('message', (packet, from) => {
    if (packet.length <= 64) socket.send(packet, from.port, from.address, () => undefined);
  });
  return () => new Promise((settle) => socket.close(() => settle()));
}

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (code === 'ENOENT') return 'unshare (util-linux) or ip (iproute2) is not installed';
  if (code === 'EACCES' || code === 'EPERM') return 'this user may not';
  const said: unknown =
    typeof error === 'object' && error !== null ? Reflect.get(error, 'stderr') : undefined;
  const text =
    typeof said === 'string' && said.trim() !== ''
      ? said.trim()
      : error instanceof Error
        ? error.message
        : String(error);
  return /not permitted|permission denied/i.test(text) ? 'this user may not' : printable(text);
}
