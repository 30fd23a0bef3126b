import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { programs } from '@lab/testing';
import type { Finding } from '../../src/preflight/finding.js';

const BASTION = fileURLToPath(new URL('../../bin/bastion.js', import.meta.url));

/**
 * Bash in namespaces of its own: a bridge `lab0` with 192.168.77.1/24, `host NAME ADDRESS` for another host on it, and `serve`
 * for a plain dnsmasq there. All processes end with the script, and all networks with them. The machine's own aren't touched.
 */
const PROLOGUE = `
set -euo pipefail
mount -t sysfs none /sys
mount -t tmpfs none /run
ip link set lo up
ip link add lab0 type bridge
ip address add 192.168.77.1/24 dev lab0
ip link set lab0 up
host() {
  ip netns add "$1"
  ip link add "$1" type veth peer name eth0 netns "$1"
  ip link set "$1" master lab0 up
  ip -n "$1" link set lo up
  ip -n "$1" address add "$2/24" dev eth0
  ip -n "$1" link set eth0 up
}
# serve HOST ARGUMENTS: a DHCP server of somebody else. In its debug mode it does without setgroups, which a user namespace denies.
serve() {
  local host=$1; shift
  ip netns exec "$host" "$DNSMASQ" --no-daemon --conf-file=/dev/null --port=0 --user=root --group=root --pid-file= \\
    --dhcp-leasefile="/run/$host.leases" --log-facility=- "$@" 2>"/run/$host.log" &
  # A process substitution changes $!.
  local pid=$!
  until grep -q 'dnsmasq-dhcp' "/run/$host.log"; do kill -0 $pid || { cat "/run/$host.log" >&2; exit 9; }; read -rt 0.05 <> <(:) || true; done
}
doctor() { "$NODE" "$BASTION" doctor; }
`;

export interface DoctorRun {
  code: number;
  findings: Finding[];
  stdout: string;
  stderr: string;
}

/** Runs the script there. Its lines of JSON are findings. */
export async function inDoctorLab(script: string, environment: NodeJS.ProcessEnv): Promise<DoctorRun> {
  const { dnsmasq, nft, ip } = await programs(['dnsmasq', 'nft', 'ip']);
  const namespaces = ['--net', '--mount', '--pid', '--fork', '--mount-proc', '--kill-child'];
  const root = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  const child = spawn('unshare', [...root, ...namespaces, 'bash', '-c', `${PROLOGUE}\n${script}`], {
    env: {
      PATH: `${ip.slice(0, ip.lastIndexOf('/'))}:${process.env['PATH'] ?? ''}`,
      HOME: '/nonexistent',
      ...{ NODE: process.execPath, BASTION, DNSMASQ: dnsmasq, NFT: nft },
      ...{ BASTION_DNSMASQ: dnsmasq, BASTION_HOST: '0.0.0.0', BASTION_PORT: '7071' },
      ...{ BASTION_DHCP_INTERFACE: 'lab0', BASTION_DHCP_RANGE: '192.168.77.100,192.168.77.200' },
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
  const [code] = (await once(child, 'close')) as [number | null];
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  return { code: code ?? -1, findings: lines.map((line) => JSON.parse(line) as Finding), stdout, stderr };
}
