import { createServer, type Server } from 'node:http';
import { randomUUID } from 'node:crypto';
import { systemClock } from '@lab/domain';
import {
  LabdSession,
  WINDOWS,
  type BastionStatus,
  type Fact,
  type Heard,
  type Hello,
  type Inventory,
  type NetbootEvent,
  type NetworkLeases,
  type Networks,
  type Plan,
  type ServerPlan,
  type StreamName,
  type StreamPosition,
} from '@lab/protocol';
import { WebSocketServer, type WebSocket } from 'ws';
import { framesOf } from '../src/uplink/websocket-frames.js';

const silent = { debug: () => undefined, warn: () => undefined };

/** labd's end of the link over real sockets, with everything that it committed kept in memory. */
export class FakeLabd {
  readonly bastionId = randomUUID();
  readonly credential = randomUUID();
  joinToken: string = randomUUID();
  readonly committed: Record<StreamName, Fact[]> = { facts: [], logs: [] };
  readonly positions = new Map<string, StreamPosition>();
  readonly ackedPlans: number[] = [];
  readonly heard: Heard['installs'] = [];
  /** What the bastion said that it can install, since its hello. */
  readonly inventories: Inventory[] = [];
  /** What the bastion said last of each network, and of each machine on its way to its kernel. */
  readonly leases = new Map<string, NetworkLeases>();
  readonly netboot = new Map<string, NetbootEvent[]>();
  readonly statuses: BastionStatus[] = [];
  #networks: Networks[] = [];
  /** A labd whose database doesn't answer. */
  isStuck = false;
  hellos = 0;
  lastHello: Hello | undefined;
  #plan: Plan = { generation: 0, full: true, servers: [], removed: [] };
  #sessions = new Set<LabdSession>();
  #sockets = new Set<WebSocket>();
  #waiting = new Set<() => void>();

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(port = 0): Promise<FakeLabd> {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    const labd = new FakeLabd(server, `http://127.0.0.1:${address.port}`);
    labd.#serve();
    return labd;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** Sets what the bastion has to do with its servers. */
  plan(servers: ServerPlan[], full = true): void {
    this.#plan = { generation: this.#plan.generation + 1, full, servers, removed: [] };
    for (const session of this.#sessions) session.sendPlan(this.#plan);
  }

  /** Sets what the bastion serves with DHCP, told in parts. */
  serve(...parts: Networks[]): void {
    this.#networks = parts;
    for (const session of this.#sessions) for (const part of parts) session.sendNetworks(part);
  }

  /** Resolves once `isTrue` is; looked at after each thing that labd hears. */
  async until(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) {
      await new Promise<void>((wake) => this.#waiting.add(wake));
    }
  }

  /** Cuts all links. */
  cut(): void {
    for (const socket of this.#sockets) socket.terminate();
  }

  /** Forgets everything that was committed, as a labd with a new database does. */
  forget(): void {
    this.positions.clear();
    this.committed.facts.length = 0;
    this.committed.logs.length = 0;
  }

  async stop(): Promise<void> {
    this.cut();
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  #serve(): void {
    const links = new WebSocketServer({ noServer: true });
    this.server.on('upgrade', (request, socket, head) => {
      if (request.headers.authorization !== `Bearer ${this.credential}`) {
        socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
        return;
      }
      links.handleUpgrade(request, socket, head, (link) => this.#accept(link));
    });
    this.server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { token: string; name: string };
        const isGood = request.url === '/api/v1/bastions/enrol' && body.token === this.joinToken;
        response.writeHead(isGood ? 201 : 403, { 'content-type': 'application/json' });
        this.joinToken = isGood ? '' : this.joinToken;
        response.end(
          JSON.stringify(
            isGood
              ? { bastionId: this.bastionId, credential: this.credential }
              : { detail: 'the join token is not valid', hint: 'Get a new one.' },
          ),
        );
      });
    });
  }

  #accept(link: WebSocket): void {
    this.#sockets.add(link);
    const session = new LabdSession({
      socket: framesOf(link),
      clock: systemClock,
      log: silent,
      inventory: (inventory) => {
        this.inventories.push(inventory);
        this.#wake();
      },
      leases: (leases) => {
        this.leases.set(leases.networkId, leases);
        this.#wake();
      },
      netboot: ({ machines }) => {
        for (const { mac, events } of machines) this.netboot.set(mac, events);
        this.#wake();
      },
      status: (status) => {
        this.statuses.push(status);
        this.#wake();
      },
      heard: ({ installs }) => {
        this.heard.push(...installs);
      },
      accept: (hello) => {
        this.hellos += 1;
        this.lastHello = hello;
        return Promise.resolve({
          bastionId: this.bastionId,
          protocol: 1,
          acked: {
            facts: this.#position('facts', hello.epochs.facts),
            logs: this.#position('logs', hello.epochs.logs),
          },
          windows: WINDOWS,
        });
      },
      commit: (stream, epoch, facts) => {
        if (this.isStuck) return new Promise(() => undefined);
        for (const { seq, fact } of facts) {
          this.positions.set(stream, { epoch, seq });
          this.committed[stream].push(fact);
        }
        this.#wake();
        return Promise.resolve();
      },
      planAcked: (generation) => {
        this.ackedPlans.push(generation);
        this.#wake();
      },
    });
    this.#sessions.add(session);
    void session.established.then(
      () => {
        session.sendPlan({ ...this.#plan, full: true });
        for (const part of this.#networks) session.sendNetworks(part);
        this.#wake();
      },
      () => undefined,
    );
    void session.closed.then(() => {
      this.#sessions.delete(session);
      this.#sockets.delete(link);
      this.#wake();
    });
  }

  #position(stream: StreamName, epoch: string): StreamPosition {
    return this.positions.get(stream) ?? { epoch, seq: 0 };
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }
}
