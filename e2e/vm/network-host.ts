import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { programs, run, type SimulatedMachineOptions } from '@lab/testing';
import { root } from '../checkout.js';
import type { HostRequest, HostRequests } from './host-agent.js';
import type { LabNetwork } from './network.js';

let count = 0;

/** A host on the machines' network with an address and a network namespace of its own: a process, no virtual machine. */
export class NetworkHost {
  readonly #waiting = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>();
  #nextId = 1;

  private constructor(
    private readonly child: ChildProcess,
    readonly address: string,
    private readonly bastionUrl: string,
  ) {
    child.on('message', (message: { id: number; answer: never; error?: string }) => {
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.error === undefined) waiting?.resolve(message.answer);
      else waiting?.reject(new Error(`${address}: ${message.error}`));
    });
    child.once('exit', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`the host ${address} has ended`));
    });
  }

  /** Inside `in-namespace.sh` only; `address` with its prefix length. */
  static async join(network: LabNetwork, address: string, bastionUrl: string): Promise<NetworkHost> {
    const { ip } = await programs(['ip']);
    const agent = join(root, 'e2e/dist/vm/host-agent.js');
    const child = spawn('unshare', ['--net', process.execPath, agent], {
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const host = new NetworkHost(child, address.split('/')[0] ?? address, bastionUrl);
    // It says so once it runs, and then the namespace is there.
    await host.#answerTo(0);
    count += 1;
    const [outside, inside, pid] = [
      `${network.bridge}h${count}`,
      `${network.bridge}p${count}`,
      String(child.pid),
    ];
    await run(ip, ['link', 'add', outside, 'type', 'veth', 'peer', 'name', inside]);
    await run(ip, ['link', 'set', outside, 'master', network.bridge, 'up']);
    await run(ip, ['link', 'set', inside, 'netns', pid, 'name', 'eth0']);
    const within = (...args: string[]) => run('nsenter', [`--net=/proc/${pid}/ns/net`, ip, ...args]);
    await within('addr', 'add', address, 'dev', 'eth0');
    await within('link', 'set', 'lo', 'up');
    await within('link', 'set', 'eth0', 'up');
    return host;
  }

  get(path: string): Promise<HostRequests['http']['answer']> {
    return this.#ask('http', { url: this.#url(path), method: 'GET', headers: {}, body: null });
  }

  post(path: string, body: object, token?: string): Promise<HostRequests['http']['answer']> {
    return this.#ask('http', {
      url: this.#url(path),
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
    });
  }

  machine(options: Omit<SimulatedMachineOptions, 'bastionUrl'>): Promise<HostRequests['machine']['answer']> {
    return this.#ask('machine', { ...options, bastionUrl: this.bastionUrl });
  }

  overheard(): Promise<HostRequests['overheard']['answer']> {
    return this.#ask('overheard', null);
  }

  hold(connections: number, text: string): Promise<null> {
    const { hostname: host, port } = new URL(this.bastionUrl);
    return this.#ask('hold', { host, port: Number(port), count: connections, text });
  }

  held(): Promise<HostRequests['held']['answer']> {
    return this.#ask('held', null);
  }

  /** Its namespace goes with it, and the cable with that. */
  async leave(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await ended;
  }

  #url(path: string): string {
    return new URL(path, this.bastionUrl).href;
  }

  #ask<T extends HostRequest>(type: T, ask: HostRequests[T]['ask']): Promise<HostRequests[T]['answer']> {
    const id = this.#nextId;
    this.#nextId += 1;
    const answer = this.#answerTo<HostRequests[T]['answer']>(id);
    this.child.send({ id, type, ask });
    return answer;
  }

  #answerTo<T>(id: number): Promise<T> {
    return new Promise<T>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }
}
