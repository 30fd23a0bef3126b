import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { programs, run } from '@lab/testing';
import type { LabNetwork } from './network.js';

/**
 * The DHCP server that a site has already: a host of its own on the machines' network, with a plain dnsmasq that gives
 * addresses and knows nothing of booting.
 */
export class SiteDhcp {
  readonly #log: string[] = [];

  private constructor(
    private readonly host: ChildProcess,
    private readonly server: ChildProcess,
  ) {
    for (const stream of [server.stdout, server.stderr])
      stream?.on('data', (data: Buffer) => this.#log.push(data.toString('utf8')));
  }

  /** Inside `in-namespace.sh` only. `subnet` is its first three octets; the server is at `.2`, and gives `.150` to `.180`. */
  static async start(network: LabNetwork, subnet: string): Promise<SiteDhcp> {
    const { ip, dnsmasq } = await programs(['ip', 'dnsmasq']);
    const host = spawn('unshare', ['--net', 'sh', '-c', 'echo up; exec cat'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(host.stdout, 'data');
    const pid = String(host.pid);
    const [outside, inside] = [`${network.bridge}d0`, `${network.bridge}d1`];
    await run(ip, ['link', 'add', outside, 'type', 'veth', 'peer', 'name', inside]);
    await run(ip, ['link', 'set', outside, 'master', network.bridge, 'up']);
    await run(ip, ['link', 'set', inside, 'netns', pid, 'name', 'eth0']);
    const namespace = `--net=/proc/${pid}/ns/net`;
    for (const command of [
      ['addr', 'add', `${subnet}.2/24`, 'dev', 'eth0'],
      ['link', 'set', 'eth0', 'up'],
    ])
      await run('nsenter', [namespace, ip, ...command]);
    const server = spawn(
      'nsenter',
      [
        ...[namespace, dnsmasq, '--keep-in-foreground', '--log-facility=-', '--conf-file=/dev/null'],
        ...[
          '--port=0',
          '--interface=eth0',
          '--bind-interfaces',
          '--user=root',
          '--group=root',
          '--pid-file=',
        ],
        ...[`--dhcp-range=${subnet}.150,${subnet}.180,255.255.255.0,10m`, `--dhcp-option=3,${subnet}.1`],
        ...['--dhcp-authoritative', '--no-ping', '--dhcp-leasefile=/dev/null', '--leasefile-ro'],
      ],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, LC_ALL: 'C' } },
    );
    return new SiteDhcp(host, server);
  }

  /** What it has said. */
  get log(): string {
    return this.#log.join('');
  }

  /** Its namespace goes with it, and the cable with that. */
  async stop(): Promise<void> {
    const ended = [this.server, this.host]
      .filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)
      .map((child) => once(child, 'exit'));
    this.server.kill('SIGTERM');
    this.host.stdin?.end();
    await Promise.all(ended);
  }
}
