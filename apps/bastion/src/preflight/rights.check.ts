import { createSocket } from 'node:dgram';
import { readFile } from 'node:fs/promises';
import { codeOf } from '../storage/storage-error.js';
import { failed, ok, type Finding } from './finding.js';

/** linux/capability.h. */
const NEEDED = { CAP_NET_BIND_SERVICE: 10, CAP_NET_ADMIN: 12, CAP_NET_RAW: 13 } as const;
type Capability = keyof typeof NEEDED;

export interface RightsFacts {
  /** `CapEff` of proc_pid_status(5), in hexadecimal. */
  effective: string;
  /** Whether a port below 1024 could really be bound here: rights of a user namespace don't count on a network of others. */
  canBind: boolean;
}

/** dnsmasq asks for these (src/dnsmasq.c, `main`): DHCP's port, ARP entries of clients, and raw answers. */
export function judgeRights({ effective, canBind }: RightsFacts): Finding {
  const held = BigInt(/^[0-9a-f]{1,16}$/i.test(effective) ? `0x${effective}` : 0);
  const missing = (Object.keys(NEEDED) as Capability[]).filter((name) => {
    if (name === 'CAP_NET_BIND_SERVICE') return !canBind;
    return ((held >> BigInt(NEEDED[name])) & 1n) === 0n;
  });
  if (missing.length === 0) return ok('rights', 'DHCP may be served');
  return failed(
    'rights',
    `DHCP can't be served: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing`,
    `Run it as root, or give the unit AmbientCapabilities=${Object.keys(NEEDED).join(' ')}.`,
  );
}

export async function rightsFacts(): Promise<RightsFacts> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  return { effective: /^CapEff:\s*([0-9a-f]+)$/im.exec(status)?.[1] ?? '0', canBind: await canBindLowPort() };
}

/** On loopback, where nobody is in the way: a port that is taken was not forbidden. */
function canBindLowPort(): Promise<boolean> {
  return new Promise((settle) => {
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    socket.once('error', (error) => {
      socket.close();
      settle(codeOf(error) !== 'EACCES' && codeOf(error) !== 'EPERM');
    });
    socket.bind({ address: '127.0.0.1', port: 67, exclusive: true }, () => socket.close(() => settle(true)));
  });
}
