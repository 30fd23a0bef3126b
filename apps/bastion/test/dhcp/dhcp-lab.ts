import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { programs, run } from '@lab/testing';
import type { LocalInterface } from '../../src/dhcp/dhcp-network.js';
import { decodeDhcp, encodeDhcp, type DhcpPacket } from './dhcp-packet.js';

const CLIENT = fileURLToPath(new URL('./dhcp-client.mjs', import.meta.url));

/** What the client sends, besides its options. */
export interface Probe {
  mac: string;
  options: ReadonlyMap<number, Buffer>;
  /** The interface that it goes out on, by its number. */
  at?: number;
  ciaddr?: string;
  /** Sent by a relay, with this address of its own. */
  giaddr?: string;
  /** Sent to the PXE server's port, from the machine's own address. */
  pxePort?: boolean;
}

/** An answer, and the port that it came from. */
export interface Answer extends DhcpPacket {
  fromPort: number;
}

interface Received {
  at: number;
  from: string;
  fromPort: number;
  hex: string;
}

let xids = 0x1000;
let tftpPorts = 6_000;
/** A machine that hears nothing asks again (RFC 2131 §4.1, but sooner), in ms. */
const RESEND_MS = 250;

/**
 * Two network namespaces with a cable for each network between them: the site's, in which dnsmasq runs, and the machines'. In
 * the site's the interfaces are `lab0`, `lab1` … with the addresses `192.168.(77+n).1/24`; the machines' host has `.250`. A
 * relay is there, too: networks in 10.9.0.0/16 are reached through it.
 */
export class DhcpLab {
  #waiting = new Map<number, (error: Error | null) => void>();
  #nextId = 1;
  readonly #received: Received[] = [];
  #wake: () => void = () => undefined;

  private constructor(
    private readonly site: ChildProcess,
    private readonly client: ChildProcess,
    private readonly ipProgram: string,
    /** Runs dnsmasq in the site. */
    readonly dnsmasq: string,
  ) {
    client.on('message', (message: { id?: number; error?: string | null; received?: Received }) => {
      if (message.received !== undefined) {
        this.#received.push(message.received);
        this.#wake();
      } else if (message.id !== undefined) {
        this.#waiting.get(message.id)?.(message.error == null ? null : new Error(message.error));
        this.#waiting.delete(message.id);
      }
    });
  }

  static async create(folder: string, networks = 1): Promise<DhcpLab> {
    const { ip, dnsmasq } = await programs(['ip', 'dnsmasq']);
    const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
    // `cat` ends with its standard input, however this process ends; and the namespace with it.
    const site = spawn('unshare', [...user, '--net', 'sh', '-c', 'echo up; exec cat'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(site.stdout, 'data');
    const inSite = nsenter(site.pid ?? 0);
    const client = spawn('nsenter', [...inSite, 'unshare', '--net', process.execPath, CLIENT], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    await once(client, 'message');
    const wrapper = join(folder, 'dnsmasq-in-site');
    // A user namespace denies setgroups: there dnsmasq has to be in its debug mode, which changes no user (src/dnsmasq.c, main).
    const args = user.length === 0 ? '"$@"' : '"${@/#--keep-in-foreground/--no-daemon}"';
    await writeFile(wrapper, `#!/bin/bash\nexec nsenter ${inSite.join(' ')} '${dnsmasq}' ${args}\n`);
    await chmod(wrapper, 0o755);
    const lab = new DhcpLab(site, client, ip, wrapper);
    for (let network = 0; network < networks; network += 1) await lab.plug(network);
    await lab.#inClient('addr', 'add', '10.9.0.1/16', 'dev', 'lo');
    await lab.#inClient('link', 'set', 'lo', 'up');
    await lab.ip('route', 'add', '10.9.0.0/16', 'via', hostOf(0));
    await lab.#tell({ listen: 68 });
    await lab.#tell({ listen: 67 });
    return lab;
  }

  /** Makes the interface of a network, and the machines' end of its cable. */
  async plug(network: number): Promise<void> {
    const peer = ['peer', 'name', `eth${network}`, 'netns', String(this.client.pid)];
    await this.ip('link', 'add', `lab${network}`, 'type', 'veth', ...peer);
    await this.ip('addr', 'add', `${siteOf(network)}/24`, 'dev', `lab${network}`);
    await this.ip('link', 'set', `lab${network}`, 'up');
    await this.#inClient('addr', 'add', `${hostOf(network)}/24`, 'dev', `eth${network}`);
    await this.#inClient('link', 'set', `eth${network}`, 'up');
  }

  unplug(network: number): Promise<void> {
    return this.ip('link', 'del', `lab${network}`);
  }

  /** The site's interfaces, as the bastion would see them. */
  async interfaces(): Promise<LocalInterface[]> {
    const text = await run('nsenter', [...nsenter(this.site.pid ?? 0), this.ipProgram, '-json', 'addr']);
    const all = JSON.parse(text) as {
      ifname: string;
      addr_info: { family: string; local: string; prefixlen: number }[];
    }[];
    return all.map(({ ifname: name, addr_info }) => ({
      name,
      addresses: addr_info
        .filter(({ family, prefixlen }) => family === 'inet' && prefixlen === 24)
        .map(({ local: address }) => ({ address, netmask: '255.255.255.0' })),
    }));
  }

  /** Sends it, again and again as machines do, and answers what comes back. */
  async ask(probe: Probe): Promise<Answer> {
    const xid = await this.#send(probe);
    const again = setInterval(() => void this.#send(probe, xid).catch(() => undefined), RESEND_MS);
    try {
      for (;;) {
        const answer = this.#answerTo(xid);
        if (answer !== undefined) return answer;
        await new Promise<void>((wake) => (this.#wake = wake));
      }
    } finally {
      clearInterval(again);
    }
  }

  /**
   * Sends it, then one that is answered for sure: answers what came of the first by then, undefined for nothing. dnsmasq takes
   * one after the other.
   */
  async askInVain(probe: Probe, sure: Probe): Promise<Answer | undefined> {
    const xid = await this.#send(probe);
    await this.ask(sure);
    return this.#answerTo(xid);
  }

  /** A datagram to the site's address in a network; resolves when it is sent. */
  async datagram(port: number, toPort: number, data: Buffer, network = 0): Promise<void> {
    await this.#tell({
      send: { from: hostOf(network), port, to: siteOf(network), toPort, hex: data.toString('hex') },
    });
  }

  /** The first block of a file that is fetched by TFTP (RFC 1350), asked for again and again; or the error. */
  async tftp(file: string): Promise<string> {
    tftpPorts += 1;
    const port = tftpPorts;
    const request = Buffer.from(`\0\u0001${file}\0octet\0`, 'latin1');
    await this.datagram(port, 69, request);
    const again = setInterval(() => void this.datagram(port, 69, request).catch(() => undefined), RESEND_MS);
    try {
      for (;;) {
        const answer = this.#received.find(({ at }) => at === port);
        if (answer !== undefined) return Buffer.from(answer.hex, 'hex').subarray(4).toString('latin1');
        await new Promise<void>((wake) => (this.#wake = wake));
      }
    } finally {
      clearInterval(again);
    }
  }

  async close(): Promise<void> {
    const ended = [this.client, this.site].map((child) => once(child, 'exit'));
    this.client.disconnect();
    this.site.stdin?.end();
    await Promise.all(ended);
  }

  async ip(...args: string[]): Promise<void> {
    await run('nsenter', [...nsenter(this.site.pid ?? 0), this.ipProgram, ...args]);
  }

  async #inClient(...args: string[]): Promise<void> {
    await run('nsenter', [...nsenter(this.client.pid ?? 0), this.ipProgram, ...args]);
  }

  async #send(probe: Probe, xid = (xids += 1)): Promise<number> {
    const { mac, options, at = 0, ciaddr, giaddr, pxePort = false } = probe;
    const packet = encodeDhcp({
      ...{ xid, mac, broadcast: true },
      ...{ ciaddr: ciaddr ?? (pxePort ? hostOf(at) : '0.0.0.0'), giaddr: giaddr ?? '0.0.0.0' },
      options: new Map(options),
    });
    const isDirect = pxePort || giaddr !== undefined;
    await this.#tell({
      send: {
        from: hostOf(at),
        port: giaddr === undefined ? 68 : 67,
        to: isDirect ? siteOf(at) : '255.255.255.255',
        toPort: pxePort ? 4011 : 67,
        hex: packet.toString('hex'),
      },
    });
    return xid;
  }

  #answerTo(xid: number): Answer | undefined {
    for (const { hex, fromPort } of this.#received) {
      const bytes = Buffer.from(hex, 'hex');
      if (bytes.length < 240 || bytes[0] !== 2) continue;
      const packet = decodeDhcp(bytes);
      if (packet.xid === xid) return { ...packet, fromPort };
    }
    return undefined;
  }

  #tell(message: object): Promise<void> {
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, (error) => (error === null ? resolve() : reject(error)));
      this.client.send({ id, ...message });
    });
  }
}

export const siteOf = (network: number): string => `192.168.${77 + network}.1`;
export const hostOf = (network: number): string => `192.168.${77 + network}.250`;

function nsenter(pid: number): string[] {
  const user = process.getuid?.() === 0 ? [] : ['--user', '--preserve-credentials'];
  return [`--target=${pid}`, ...user, '--net'];
}
