import type { Clock } from '@lab/domain';
import type { Closed, SpooledFact } from './bastion-session.js';
import { decode, encode } from './frames.js';
import {
  PROTOCOL_VERSION,
  STREAM_OF,
  WINDOWS,
  type Fact,
  type BastionStatus,
  type Heard,
  type Hello,
  type Inventory,
  type Message,
  type StreamName,
  type StreamPosition,
  type Welcome,
} from './messages.js';
import type { Netboot, NetworkLeases, Networks } from './networks.js';
import type { Plan } from './plan.js';
import type { SessionLog } from './session-log.js';
import { CLOSE, type FrameSocket } from './socket.js';

/** How long a bastion may take to say hello, in milliseconds. */
export const HELLO_TIMEOUT_MS = 10_000;

export interface LabdSessionOptions {
  socket: FrameSocket;
  clock: Clock;
  log: SessionLog;
  /** Says who the bastion is and how far its streams are committed. A rejection closes the link. */
  accept: (hello: Hello) => Promise<Welcome>;
  /** Commits facts of one stream, in order, together with the position of the last one. A rejection closes the link: the bastion sends them again. */
  commit: (stream: StreamName, epoch: string, facts: readonly SpooledFact[]) => Promise<void>;
  /** Machines that the bastion has heard of. */
  heard: (heard: Heard) => void;
  /** What the bastion can install has changed since its hello. */
  inventory: (inventory: Inventory) => void;
  /** How it stands with the bastion itself. */
  status?: (status: BastionStatus) => void;
  /** Who has which address in a network that it serves. */
  leases?: (leases: NetworkLeases) => void;
  /** What machines met on their way to their kernels. */
  netboot?: (netboot: Netboot) => void;
  /** The bastion has that plan on its disk. */
  planAcked: (generation: number) => void;
}

/** labd's end of one connection: `awaiting-hello` → `established` → `closed`. Facts are committed in order, then acked. */
export class LabdSession {
  /** Resolves after the welcome was sent; rejects if the socket closes before. */
  readonly established: Promise<Hello>;
  /** Resolves once, when the socket is closed. */
  readonly closed: Promise<Closed>;

  readonly #options: LabdSessionOptions;
  readonly #intakes = new Map<StreamName, StreamIntake>();
  readonly #helloTimer: NodeJS.Timeout;
  #state: 'awaiting-hello' | 'accepting' | 'established' | 'closed' = 'awaiting-hello';
  #establish: (hello: Hello) => void;

  constructor(options: LabdSessionOptions) {
    this.#options = options;
    const { socket } = options;
    const established = Promise.withResolvers<Hello>();
    const closed = Promise.withResolvers<Closed>();
    this.established = established.promise;
    this.closed = closed.promise;
    this.established.catch(() => undefined);
    this.#establish = established.resolve;
    this.#helloTimer = setTimeout(() => this.close(CLOSE.noHello, 'no hello in time'), HELLO_TIMEOUT_MS);
    socket.onClose((code, reason) => {
      clearTimeout(this.#helloTimer);
      this.#state = 'closed';
      for (const intake of this.#intakes.values()) intake.stop();
      established.reject(new Error(`the link was closed before the hello: ${code} ${reason}`));
      closed.resolve({ code, reason });
    });
    socket.onFrame((frame) => this.#receive(frame));
  }

  /** Sends a plan. The bastion acts on it, and acks its generation once it is on its disk. */
  sendPlan(plan: Plan): void {
    if (this.#state === 'established')
      this.#options.socket.send(encode('labd-plan', plan, this.#options.clock));
  }

  /** Sends a part of what the bastion serves with DHCP. */
  sendNetworks(networks: Networks): void {
    if (this.#state === 'established')
      this.#options.socket.send(encode('labd-networks', networks, this.#options.clock));
  }

  close(code: number, reason: string): void {
    this.#options.socket.close(code, reason);
  }

  #receive(frame: string): void {
    const decoded = decode(frame);
    if (decoded.outcome === 'unknown') {
      this.#options.log.debug({ type: decoded.type }, 'a message of a later protocol version was ignored');
    } else if (decoded.outcome === 'invalid') {
      this.#refuse(decoded.of, 'invalid', decoded.reason);
    } else if (this.#state === 'established') {
      this.#handle(decoded.message);
    } else if (this.#state === 'awaiting-hello' && decoded.message.type === 'bastion-hello') {
      this.#greet(decoded.message.id, decoded.message.payload);
    } else if (this.#state !== 'closed') {
      this.#refuse(
        decoded.message.id,
        'unexpected',
        `${decoded.message.type} came before the hello was answered`,
      );
    }
  }

  #refuse(
    of: string | null,
    code: 'invalid' | 'unexpected' | 'gap' | 'unsupported-version',
    message: string,
  ): void {
    this.#options.log.warn({ of, code, reason: message }, 'a frame of the bastion was refused');
    this.#options.socket.send(encode('error', { of, code, message }, this.#options.clock));
  }

  #greet(of: string, hello: Hello): void {
    const { accept, clock, log, socket } = this.#options;
    clearTimeout(this.#helloTimer);
    if (hello.protocol.min > PROTOCOL_VERSION || hello.protocol.max < PROTOCOL_VERSION) {
      const spoken = `this labd speaks protocol ${PROTOCOL_VERSION}, the bastion ${hello.protocol.min} to ${hello.protocol.max}`;
      this.#refuse(of, 'unsupported-version', spoken);
      this.close(CLOSE.unsupportedVersion, spoken);
      return;
    }
    this.#state = 'accepting';
    accept(hello).then(
      (welcome) => {
        if (this.#state !== 'accepting') return;
        this.#openStreams(welcome, hello);
        this.#state = 'established';
        socket.send(encode('labd-welcome', welcome, clock));
        this.#establish(hello);
      },
      (error: unknown) => {
        log.warn({ error: String(error) }, 'a bastion could not be welcomed');
        this.close(CLOSE.internal, 'the hello could not be answered');
      },
    );
  }

  #openStreams(welcome: Welcome, hello: Hello): void {
    for (const stream of ['facts', 'logs'] as const) {
      const { clock, commit, log, socket } = this.#options;
      const epoch = hello.epochs[stream];
      const acked = welcome.acked[stream];
      const position = acked.epoch === epoch ? acked : { epoch, seq: 0 };
      const intake = new StreamIntake(position, {
        window: WINDOWS[stream],
        commit: (facts) => commit(stream, epoch, facts),
        committed: (seq) => socket.send(encode('labd-ack', { stream, epoch, seq }, clock)),
        failed: (error) => {
          log.warn(
            { stream, error: String(error) },
            'facts could not be committed; the bastion will send them again',
          );
          this.close(CLOSE.internal, 'facts could not be committed');
        },
      });
      this.#intakes.set(stream, intake);
    }
  }

  #handle(message: Message): void {
    switch (message.type) {
      case 'bastion-state-sync':
      case 'bastion-progress':
      case 'bastion-log': {
        // decode() lets no fact through without a seq.
        const { seq = 0 } = message;
        const outcome = this.#intakes.get(STREAM_OF[message.type])?.take({ seq, fact: factOf(message) });
        if (outcome === 'gap' || outcome === 'overrun') {
          this.#refuse(
            message.id,
            'gap',
            `seq ${seq} is ${outcome === 'gap' ? 'not the next one' : 'beyond the window'}`,
          );
          this.close(CLOSE.gap, 'the stream is out of step');
        }
        return;
      }
      case 'bastion-heard':
        this.#options.heard(message.payload);
        return;
      case 'bastion-inventory':
        this.#options.inventory(message.payload);
        return;
      case 'bastion-status':
        this.#options.status?.(message.payload);
        return;
      case 'bastion-leases':
        this.#options.leases?.(message.payload);
        return;
      case 'bastion-netboot':
        this.#options.netboot?.(message.payload);
        return;
      case 'bastion-ack':
        this.#options.planAcked(message.payload.generation);
        return;
      case 'error':
        this.#options.log.warn({ ...message.payload }, 'the bastion refused a frame');
        return;
      default:
        this.#refuse(message.id, 'unexpected', `${message.type} is not expected here`);
    }
  }
}

function factOf(message: Extract<Message, { type: Fact['type'] }>): Fact {
  switch (message.type) {
    case 'bastion-state-sync':
      return { type: message.type, payload: message.payload };
    case 'bastion-progress':
      return { type: message.type, payload: message.payload };
    case 'bastion-log':
      return { type: message.type, payload: message.payload };
  }
}

interface IntakeOptions {
  window: number;
  commit: (facts: readonly SpooledFact[]) => Promise<void>;
  committed: (seq: number) => void;
  failed: (error: unknown) => void;
}

/** Takes one stream in order; what arrives while a commit runs goes into the next one together. */
class StreamIntake {
  readonly #options: IntakeOptions;
  #received: number;
  #committed: number;
  #waiting: SpooledFact[] = [];
  #running = false;
  #stopped = false;

  constructor(position: StreamPosition, options: IntakeOptions) {
    this.#options = options;
    this.#received = position.seq;
    this.#committed = position.seq;
  }

  stop(): void {
    this.#stopped = true;
    this.#waiting = [];
  }

  take(fact: SpooledFact): 'taken' | 'replay' | 'gap' | 'overrun' | 'stopped' {
    if (this.#stopped) return 'stopped';
    if (fact.seq <= this.#received) {
      if (fact.seq <= this.#committed) this.#options.committed(this.#committed);
      return 'replay';
    }
    if (fact.seq !== this.#received + 1) return 'gap';
    // A well-behaved bastion never has more than the window unacked; twice that is abuse.
    if (fact.seq - this.#committed > 2 * this.#options.window) return 'overrun';
    this.#received = fact.seq;
    this.#waiting.push(fact);
    if (!this.#running) void this.#drain();
    return 'taken';
  }

  async #drain(): Promise<void> {
    this.#running = true;
    try {
      // stop() empties what is waiting, so a stopped intake ends here.
      while (this.#waiting.length > 0) {
        const batch = this.#waiting;
        this.#waiting = [];
        await this.#options.commit(batch);
        this.#committed = batch.at(-1)?.seq ?? this.#committed;
        this.#options.committed(this.#committed);
      }
    } catch (error) {
      this.stop();
      this.#options.failed(error);
    } finally {
      this.#running = false;
    }
  }
}
