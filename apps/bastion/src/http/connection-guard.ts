import type { Server, Socket } from 'node:net';
import type { Clock } from '@lab/domain';
import { plainAddress } from './client-address.js';

export interface ConnectionLimits {
  connections: number;
  connectionsPerAddress: number;
}

/** What was refused, for the condition of the bastion. Times in ms since the epoch. */
export interface RefusedConnections {
  count: number;
  firstAt: number;
  lastAt: number;
  /** Who was refused last. */
  address: string;
}

/**
 * Shares the connections of a server among the addresses that ask: one has so many at most, and when all are taken a newcomer
 * gets one of the address that holds most.
 */
export class ConnectionGuard {
  /** The oldest of an address are first. */
  readonly #sockets = new Map<string, Set<Socket>>();
  #size = 0;
  #refused: RefusedConnections | null = null;

  constructor(
    private readonly limits: ConnectionLimits,
    private readonly clock: Clock,
  ) {}

  watch(server: Server): void {
    server.on('connection', (socket: Socket) => this.#take(socket));
  }

  get size(): number {
    return this.#size;
  }

  /** Since it was quiet for `quietMs`; null: nothing lately. */
  refusedWithin(quietMs: number): RefusedConnections | null {
    if (this.#refused !== null && this.clock.now() - this.#refused.lastAt > quietMs) this.#refused = null;
    return this.#refused;
  }

  #take(socket: Socket): void {
    const address = plainAddress(socket.remoteAddress);
    const own = this.#sockets.get(address) ?? new Set<Socket>();
    if (own.size >= this.limits.connectionsPerAddress || !this.#makeRoom(own.size)) {
      this.#note(address);
      socket.destroy();
      return;
    }
    this.#sockets.set(address, own);
    own.add(socket);
    this.#size += 1;
    socket.once('close', () => this.#release(address, socket));
  }

  /** When all are taken, the address with most gives up its oldest one for who has fewer. */
  #makeRoom(ownSize: number): boolean {
    if (this.#size < this.limits.connections) return true;
    const [heaviest, sockets] = [...this.#sockets].reduce((most, each) =>
      each[1].size > most[1].size ? each : most,
    );
    if (sockets.size <= ownSize + 1) return false;
    const [oldest] = sockets;
    if (oldest === undefined) return false;
    this.#note(heaviest);
    this.#release(heaviest, oldest);
    oldest.destroy();
    return true;
  }

  #release(address: string, socket: Socket): void {
    const own = this.#sockets.get(address);
    if (own?.delete(socket) !== true) return;
    this.#size -= 1;
    if (own.size === 0) this.#sockets.delete(address);
  }

  #note(address: string): void {
    const now = this.clock.now();
    const { count = 0, firstAt = now } = this.#refused ?? {};
    this.#refused = { count: count + 1, firstAt, lastAt: now, address };
  }
}
