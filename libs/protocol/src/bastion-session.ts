import type { Clock } from '@lab/domain';
import { decode, encode } from './frames.js';
import {
  PROTOCOL_VERSION,
  type BastionStatus,
  type Fact,
  type Heard,
  type Hello,
  type Inventory,
  type Message,
  type StreamName,
  type Welcome,
} from './messages.js';
import type { Netboot, NetworkLeases, Networks } from './networks.js';
import type { Plan } from './plan.js';
import type { SessionLog } from './session-log.js';
import { CLOSE, type FrameSocket } from './socket.js';

export interface SpooledFact {
  /** From 1 per epoch, without gaps. */
  seq: number;
  fact: Fact;
}

/** A durable queue of facts towards labd: the bastion's spool of one stream. */
export interface FactSource {
  /** UUID made when the spool was; a new one means that numbering began anew. */
  readonly epoch: string;
  /** The facts after `seq` that are on disk, oldest first, at most `max`. Empty when there are none yet. */
  readAfter(seq: number, max: number): Promise<SpooledFact[]>;
  /** labd has committed everything up to `seq`. */
  acked(seq: number): Promise<void>;
  /** Calls back after each append; returns how to stop that. */
  onAppended(listener: () => void): () => void;
}

export interface BastionSessionOptions {
  socket: FrameSocket;
  hello: Hello;
  sources: Record<StreamName, FactSource>;
  /** Puts the plan on disk and acts on it; resolved means that it will survive a restart. */
  onPlan: (plan: Plan) => Promise<void>;
  /** A part of what is served with DHCP. */
  onNetworks?: (networks: Networks) => void;
  clock: Clock;
  log: SessionLog;
}

export interface Closed {
  code: number;
  reason: string;
}

/**
 * The bastion's end of one connection: `greeting` (hello sent) → `established` (welcome received, facts flow) → `closed`.
 * A session ends with its socket; whoever made it connects again and makes a new one.
 */
export class BastionSession {
  /** Resolves with labd's welcome; rejects if the socket closes before. */
  readonly established: Promise<Welcome>;
  /** Resolves once, when the socket is closed. */
  readonly closed: Promise<Closed>;

  readonly #options: BastionSessionOptions;
  readonly #pumps = new Map<StreamName, StreamPump>();
  #plans: Promise<void> = Promise.resolve();
  #welcome: ((welcome: Welcome) => void) | undefined;

  constructor(options: BastionSessionOptions) {
    this.#options = options;
    const { socket, hello, clock } = options;
    const established = Promise.withResolvers<Welcome>();
    const closed = Promise.withResolvers<Closed>();
    this.established = established.promise;
    this.closed = closed.promise;
    // Someone may wait for `closed` only.
    this.established.catch(() => undefined);
    this.#welcome = established.resolve;
    socket.onClose((code, reason) => {
      for (const pump of this.#pumps.values()) pump.stop();
      established.reject(new Error(`the link was closed before the welcome: ${code} ${reason}`));
      closed.resolve({ code, reason });
    });
    socket.onFrame((frame) => this.#receive(frame));
    socket.send(encode('bastion-hello', hello, clock));
  }

  /** Says of which installs the machines were heard. Nothing before the welcome. */
  sendHeard(heard: Heard): void {
    if (this.#welcome === undefined)
      this.#options.socket.send(encode('bastion-heard', heard, this.#options.clock));
  }

  /** Says what can be installed, now that it has changed. Nothing before the welcome: the hello has said it. */
  sendInventory(inventory: Inventory): void {
    if (this.#welcome === undefined)
      this.#options.socket.send(encode('bastion-inventory', inventory, this.#options.clock));
  }

  /** Says how it stands with the bastion itself. Nothing before the welcome. */
  sendStatus(status: BastionStatus): void {
    if (this.#welcome === undefined)
      this.#options.socket.send(encode('bastion-status', status, this.#options.clock));
  }

  /** Says who has which address. Nothing before the welcome. */
  sendLeases(leases: NetworkLeases): void {
    if (this.#welcome === undefined)
      this.#options.socket.send(encode('bastion-leases', leases, this.#options.clock));
  }

  /** Says what machines met on their way to their kernels. Nothing before the welcome. */
  sendNetboot(netboot: Netboot): void {
    if (this.#welcome === undefined)
      this.#options.socket.send(encode('bastion-netboot', netboot, this.#options.clock));
  }

  close(code: number = CLOSE.goingAway, reason = 'the bastion is going away'): void {
    this.#options.socket.close(code, reason);
  }

  #receive(frame: string): void {
    const { socket, clock, log } = this.#options;
    const decoded = decode(frame);
    if (decoded.outcome === 'unknown') {
      log.debug({ type: decoded.type }, 'a message of a later protocol version was ignored');
    } else if (decoded.outcome === 'invalid') {
      log.warn({ reason: decoded.reason }, 'labd sent an invalid frame');
      socket.send(encode('error', { of: decoded.of, code: 'invalid', message: decoded.reason }, clock));
    } else {
      this.#handle(decoded.message);
    }
  }

  #handle(message: Message): void {
    const { log } = this.#options;
    switch (message.type) {
      case 'labd-welcome':
        this.#establish(message.payload);
        return;
      case 'labd-ack': {
        const pump = this.#pumps.get(message.payload.stream);
        if (pump?.epoch === message.payload.epoch) pump.acked(message.payload.seq);
        return;
      }
      case 'labd-plan':
        this.#takePlan(message.payload);
        return;
      case 'labd-networks':
        this.#options.onNetworks?.(message.payload);
        return;
      case 'error':
        log.warn({ ...message.payload }, 'labd refused a frame');
        return;
      default:
        log.warn({ type: message.type }, 'labd sent a message that only a bastion sends');
    }
  }

  #establish(welcome: Welcome): void {
    const { socket, sources, clock, log } = this.#options;
    if (this.#welcome === undefined) {
      log.warn({}, 'labd sent a second welcome');
      return;
    }
    if (welcome.protocol !== PROTOCOL_VERSION) {
      socket.close(CLOSE.unsupportedVersion, `protocol ${welcome.protocol} is not spoken here`);
      return;
    }
    this.#welcome(welcome);
    this.#welcome = undefined;
    for (const stream of ['facts', 'logs'] as const) {
      const source = sources[stream];
      const acked = welcome.acked[stream];
      const pump = new StreamPump({
        source,
        from: acked.epoch === source.epoch ? acked.seq : 0,
        window: welcome.windows[stream],
        send: ({ seq, fact }) => socket.send(encode(fact.type, fact.payload, clock, seq)),
        failed: (error) => {
          log.warn({ stream, error: String(error) }, 'the spool could not be read');
          socket.close(CLOSE.internal, 'the spool could not be read');
        },
      });
      this.#pumps.set(stream, pump);
      pump.start();
    }
  }

  /** Plans are taken one after the other: a changed part must not overtake the full plan before it. */
  #takePlan(plan: Plan): void {
    const { socket, onPlan, clock, log } = this.#options;
    this.#plans = this.#plans
      .then(() => onPlan(plan))
      .then(
        () => socket.send(encode('bastion-ack', { generation: plan.generation }, clock)),
        (error: unknown) => {
          log.warn({ generation: plan.generation, error: String(error) }, 'the plan could not be kept');
          socket.close(CLOSE.internal, 'the plan could not be kept');
        },
      );
  }
}

interface PumpOptions {
  source: FactSource;
  from: number;
  window: number;
  send: (fact: SpooledFact) => void;
  failed: (error: unknown) => void;
}

/** Sends one stream from the spool, with at most `window` facts unacked. */
class StreamPump {
  readonly #options: PumpOptions;
  #sent: number;
  #acked: number;
  #running = false;
  #wanted = false;
  #stopped = false;
  #unsubscribe: () => void = () => undefined;

  constructor(options: PumpOptions) {
    this.#options = options;
    this.#sent = options.from;
    this.#acked = options.from;
  }

  get epoch(): string {
    return this.#options.source.epoch;
  }

  start(): void {
    this.#unsubscribe = this.#options.source.onAppended(() => this.#wake());
    if (this.#acked > 0) this.#forget(this.#acked);
    this.#wake();
  }

  stop(): void {
    this.#stopped = true;
    this.#unsubscribe();
  }

  acked(seq: number): void {
    // An ack of what was never sent would make the spool drop facts.
    if (seq <= this.#acked || seq > this.#sent) return;
    this.#acked = seq;
    this.#forget(seq);
    this.#wake();
  }

  #forget(seq: number): void {
    this.#options.source.acked(seq).catch((error: unknown) => this.#options.failed(error));
  }

  #wake(): void {
    this.#wanted = true;
    if (!this.#running) void this.#pump();
  }

  async #pump(): Promise<void> {
    this.#running = true;
    try {
      while (this.#takeWanted()) {
        const room = this.#options.window - (this.#sent - this.#acked);
        // A full window goes on with the next ack.
        if (room > 0) await this.#sendNext(room);
      }
    } catch (error) {
      this.#options.failed(error);
    } finally {
      this.#running = false;
    }
  }

  async #sendNext(room: number): Promise<void> {
    const facts = await this.#options.source.readAfter(this.#sent, room);
    if (this.#stopped) return;
    for (const fact of facts) {
      this.#options.send(fact);
      this.#sent = fact.seq;
    }
    if (facts.length > 0) this.#wanted = true;
  }

  #takeWanted(): boolean {
    const wanted = this.#wanted && !this.#stopped;
    this.#wanted = false;
    return wanted;
  }
}
