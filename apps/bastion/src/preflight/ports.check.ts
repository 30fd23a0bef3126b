import { readFile, readdir, readlink } from 'node:fs/promises';
import { printable } from '@lab/domain';
import { failed, ok, warning, type Finding } from './finding.js';

/** A socket of proc_net_tcp(5) or its UDP sister that others can send to. */
export interface BoundSocket {
  protocol: 'udp' | 'tcp';
  /** `0.0.0.0` or `::` is every address. */
  address: string;
  port: number;
  inode: string;
}

export interface SocketOwner {
  pid: number;
  /** Its command line, made safe to show. */
  command: string;
  /** Whether it is the bastion of this folder, or its child. */
  isOurs: boolean;
}

export interface UsedPort extends BoundSocket {
  /** Undefined: of a process that only root may look into. */
  owner: SocketOwner | undefined;
}

/** A port that the bastion needs. */
export interface NeededPort {
  protocol: 'udp' | 'tcp';
  port: number;
  purpose: string;
  /** Addresses that it listens on; `null` is all of them. */
  addresses: readonly string[] | null;
  /** dnsmasq shares DHCP's ports with others, each on its own interface (src/dhcp.c, `make_fd`: SO_REUSEPORT). */
  shared: boolean;
  fix: string;
}

const MAX_COMMAND = 120;

/** The sockets of a table: `sl local_address rem_address st … inode`. */
export function socketsIn(table: string, protocol: 'udp' | 'tcp'): BoundSocket[] {
  return table
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
      const [hex = '', port = ''] = local.split(':');
      // net/tcp_states.h: 0A is LISTEN. UDP has 07 for a socket that isn't connected.
      if (inode === '' || state !== (protocol === 'tcp' ? '0A' : '07')) return [];
      return [{ protocol, address: addressOf(hex), port: Number.parseInt(port, 16), inode }];
    });
}

/** Words of 32 bits as this machine keeps them; Linux on x86 and arm64 is little-endian. */
function addressOf(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) =>
    (word.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).toReversed(),
  );
  if (bytes.length === 4) return bytes.join('.');
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  if (isMapped) return bytes.slice(12).join('.');
  return bytes.every((byte) => byte === 0) ? '::' : 'IPv6';
}

const isEvery = (address: string): boolean => address === '0.0.0.0' || address === '::';

export function judgePort(needed: NeededPort, used: readonly UsedPort[]): Finding {
  const name = `${needed.protocol} ${needed.port} (${needed.purpose})`;
  const holders = used.filter(
    ({ protocol, port, address }) =>
      protocol === needed.protocol &&
      port === needed.port &&
      (needed.addresses === null ||
        isEvery(address) ||
        needed.addresses.includes(address) ||
        needed.addresses.some(isEvery)),
  );
  const others = holders.filter(({ owner }) => owner?.isOurs !== true);
  const [first] = others;
  if (first === undefined)
    return ok('port', holders.length > 0 ? `${name} is held by this bastion` : `${name} is free`);
  const who =
    first.owner === undefined
      ? 'a process that only root may see'
      : `${first.owner.command} (process ${first.owner.pid})`;
  const message = `${name} is in use by ${who} on ${isEvery(first.address) ? 'all addresses' : first.address}`;
  const isDnsmasq = first.owner !== undefined && /(?:^|\/)dnsmasq(?: |$)/.test(first.owner.command);
  if (needed.shared && isDnsmasq)
    return warning(
      'port',
      message,
      'It is in nobody’s way if it serves another interface, as those of libvirt and lxc do: look at its interface= lines. Else end it.',
    );
  return failed('port', message, needed.fix);
}

/** What is bound on this machine, with the owners of those ports. */
export async function usedPorts(
  ports: ReadonlySet<number>,
  bastion: number | undefined,
): Promise<UsedPort[]> {
  const tables = await Promise.all(
    (['udp', 'udp6', 'tcp', 'tcp6'] as const).map(async (table) => {
      const text = await readFile(`/proc/net/${table}`, 'utf8').catch(() => '');
      return socketsIn(text, table.startsWith('udp') ? 'udp' : 'tcp');
    }),
  );
  const sockets = tables.flat().filter(({ port }) => ports.has(port));
  const owners = await ownersOf(new Set(sockets.map(({ inode }) => inode)), bastion);
  return sockets.map((socket) => ({ ...socket, owner: owners.get(socket.inode) }));
}

/** By the links in /proc/PID/fd: `socket:[INODE]`. */
async function ownersOf(
  inodes: ReadonlySet<string>,
  bastion: number | undefined,
): Promise<Map<string, SocketOwner>> {
  const owners = new Map<string, SocketOwner>();
  if (inodes.size === 0) return owners;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    if (owners.size === inodes.size) break;
    const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const file of files) {
      const target = await readlink(`/proc/${pid}/fd/${file}`).catch(() => '');
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
      if (inode === undefined || !inodes.has(inode) || owners.has(inode)) continue;
      owners.set(inode, await ownerOf(Number(pid), bastion));
    }
  }
  return owners;
}

async function ownerOf(pid: number, bastion: number | undefined): Promise<SocketOwner> {
  const [line, status] = await Promise.all(
    ['cmdline', 'status'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
  );
  const parent = Number(/^PPid:\s*(\d+)$/m.exec(status ?? '')?.[1] ?? 0);
  const words = (line ?? '')
    .split('\0')
    .filter((word) => word !== '')
    .join(' ');
  return {
    pid,
    command: printable((words === '' ? 'unknown' : words).slice(0, MAX_COMMAND)),
    isOurs: bastion !== undefined && (pid === bastion || parent === bastion),
  };
}
