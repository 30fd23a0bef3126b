import { LabError, type Clock } from '@lab/domain';
import {
  BastionSession,
  MAX_FRAME_BYTES,
  type BastionStatus,
  type Hello,
  type Inventory,
  type Networks,
  type Plan,
  type StreamPosition,
  type Welcome,
} from '@lab/protocol';
import { WebSocket } from 'ws';
import type { LabdConfig } from '../config.js';
import type { BastionLog } from '../logger.js';
import type { Damage } from '../storage/damage.js';
import { Backoff } from './backoff.js';
import { tellDhcp, type DhcpSources } from './dhcp-teller.js';
import { enrol, keptCredential, type Credential } from './enrolment.js';
import type { HeardInstalls } from './heard-installs.js';
import type { Spool } from './spool.js';
import { framesOf } from './websocket-frames.js';

export interface LinkParts {
  folder: string;
  name: string;
  labd: LabdConfig;
  facts: Spool;
  logs: Spool;
  /** The hello, without what the link itself knows. */
  hello: () => Omit<Hello, 'name' | 'epochs' | 'protocol' | keyof Inventory>;
  /** What can be installed now. */
  inventory: () => Promise<Inventory>;
  onPlan: (plan: Plan) => Promise<void>;
  /** A new epoch has begun: labd has to be told of all machines. */
  onNewEpoch: () => Promise<void>;
  /** A part of what is served with DHCP. */
  onNetworks: (networks: Networks) => void;
  dhcp: DhcpSources;
  heard: HeardInstalls;
  /** How it stands with the bastion itself. */
  status: () => BastionStatus;
  clock: Clock;
  log: BastionLog;
  damage: Damage;
}

export type LinkState = 'enrolling' | 'disconnected' | 'connecting' | 'greeting' | 'established';

const FIRST_WAIT_MS = 500;
const LAST_WAIT_MS = 30_000;
const HANDSHAKE_MS = 10_000;
/** A link that was up for so long begins with short waits again, in ms. */
const STABLE_MS = 10_000;
/** labd is told this often whom we heard of, in ms. */
const HEARD_EVERY_MS = 5_000;
/** Files of install trees are looked for this often, in ms. */
const LOOK_EVERY_MS = 5_000;

/** Keeps the link with labd: enrols, connects, and connects again when it is lost. */
export class LinkClient {
  #state: LinkState = 'disconnected';
  #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #session: BastionSession | undefined;
  #since: number;

  constructor(private readonly parts: LinkParts) {
    this.#since = parts.clock.now();
  }

  /** Where the link stands, and since when (ms since the epoch). */
  get state(): { state: LinkState; since: number } {
    return { state: this.#state, since: this.#since };
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#session?.close();
    await this.#running;
  }

  async #run(): Promise<void> {
    const waits = new Backoff(FIRST_WAIT_MS, LAST_WAIT_MS);
    const { signal } = this.#stopping;
    let credential: Credential | undefined;
    while (!signal.aborted) {
      const began = this.parts.clock.now();
      try {
        credential ??= await this.#credential();
        await this.#connectOnce(credential);
        if (this.parts.clock.now() - began > STABLE_MS) waits.reset();
      } catch (error) {
        this.#complain(error);
      }
      this.#enter('disconnected');
      await pause(waits.next(), signal);
    }
  }

  async #credential(): Promise<Credential> {
    const { folder, labd, name, log, damage } = this.parts;
    const kept = await keptCredential(folder, labd.url, damage);
    if (kept !== undefined) return kept;
    this.#enter('enrolling');
    const credential = await enrol(folder, labd, name);
    log.info({ bastionId: credential.bastionId, labd: labd.url }, 'enrolled with labd');
    return credential;
  }

  async #connectOnce(credential: Credential): Promise<void> {
    this.#enter('connecting');
    const inventory = await this.parts.inventory();
    const socket = await connect(this.parts.labd.url, credential, this.#stopping.signal);
    this.#enter('greeting');
    const session = this.#greet(socket, inventory);
    this.#session = session;
    if (this.#stopping.signal.aborted) session.close();
    let telling: NodeJS.Timeout | undefined;
    let looking: NodeJS.Timeout | undefined;
    let dhcp: NodeJS.Timeout | undefined;
    try {
      const welcome = await session.established;
      if (this.#isUnknown(welcome)) {
        session.close();
        await session.closed;
        await this.#beginAnew();
        return;
      }
      this.#enter('established');
      this.parts.log.info({ bastionId: welcome.bastionId }, 'the link with labd is up');
      telling = this.#tellHeard(session);
      looking = this.#tellInventory(session, inventory);
      dhcp = tellDhcp(session, this.parts.dhcp);
    } finally {
      const { code, reason } = await session.closed;
      clearInterval(telling);
      clearInterval(looking);
      clearInterval(dhcp);
      this.#session = undefined;
      this.parts.log.info({ code, reason }, 'the link with labd is down');
    }
  }

  /** A new session is told of all, then of those that were heard of since; and how it stands, when that has changed. */
  #tellHeard(session: BastionSession): NodeJS.Timeout {
    let told = 0;
    let stated = '';
    const tell = (): void => {
      const now = this.parts.clock.now();
      const installs = this.parts.heard.since(told);
      if (installs.length > 0) session.sendHeard({ installs });
      told = now;
      const status = this.parts.status();
      const text = JSON.stringify(status);
      if (text !== stated) session.sendStatus(status);
      stated = text;
    };
    tell();
    return setInterval(tell, HEARD_EVERY_MS);
  }

  /** labd is told when a file of an install tree has come or gone. */
  #tellInventory(session: BastionSession, inventory: Inventory): NodeJS.Timeout {
    let told = JSON.stringify(inventory);
    const look = async (): Promise<void> => {
      const now = await this.parts.inventory();
      const text = JSON.stringify(now);
      if (text === told) return;
      told = text;
      session.sendInventory(now);
    };
    let isLooking = false;
    return setInterval(() => {
      // A network file system that hangs must not gather looks.
      if (isLooking) return;
      isLooking = true;
      look()
        .catch((error: unknown) => {
          this.parts.log.warn({ err: error }, 'install trees could not be looked at');
        })
        .finally(() => {
          isLooking = false;
        });
    }, LOOK_EVERY_MS);
  }

  #greet(socket: WebSocket, inventory: Inventory): BastionSession {
    const { facts, logs, name, onPlan, onNetworks, clock, log, hello } = this.parts;
    return new BastionSession({
      socket: framesOf(socket),
      hello: {
        ...hello(),
        ...inventory,
        name,
        protocol: { min: 1, max: 1 },
        epochs: { facts: facts.epoch, logs: logs.epoch },
      },
      sources: { facts, logs },
      onPlan,
      onNetworks,
      clock,
      log,
    });
  }

  /** True if labd has committed other facts than the spools have: it lost some of ours, or we did. */
  #isUnknown({ acked }: Welcome): boolean {
    return isUnknown(this.parts.facts, acked.facts) || isUnknown(this.parts.logs, acked.logs);
  }

  async #beginAnew(): Promise<void> {
    const { facts, logs, onNewEpoch, log } = this.parts;
    log.warn({}, 'labd and the spool disagree on what is committed: beginning a new epoch');
    await facts.renew();
    await logs.renew();
    await onNewEpoch();
  }

  #enter(state: LinkState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#since = this.parts.clock.now();
  }

  #complain(error: unknown): void {
    if (this.#stopping.signal.aborted) return;
    const message = error instanceof Error ? error.message : String(error);
    const hint = error instanceof LabError ? error.hint : undefined;
    this.parts.log.warn({ reason: message, ...(hint !== undefined && { hint }) }, 'no link with labd');
  }
}

function isUnknown(spool: Spool, acked: StreamPosition): boolean {
  const committed = acked.epoch === spool.epoch ? acked.seq : 0;
  return committed + 1 < spool.firstSeq || committed > spool.lastSeq;
}

/** Opens the WebSocket. A refusal at the upgrade names its reason. */
function connect(labdUrl: string, { credential }: Credential, signal: AbortSignal): Promise<WebSocket> {
  const url = `${labdUrl.replace(/^http/, 'ws')}/api/v1/link`;
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, {
      headers: { authorization: `Bearer ${credential}` },
      maxPayload: MAX_FRAME_BYTES,
      handshakeTimeout: HANDSHAKE_MS,
      perMessageDeflate: false,
      followRedirects: false,
    });
    const abort = (): void => socket.terminate();
    signal.addEventListener('abort', abort, { once: true });
    const settled = (): void => signal.removeEventListener('abort', abort);
    socket.once('open', () => {
      settled();
      resolve(socket);
    });
    socket.on('error', (error) => {
      settled();
      reject(error);
    });
    socket.once('unexpected-response', (request, response) => {
      settled();
      request.destroy();
      reject(refused(response.statusCode ?? 0));
    });
  });
}

const refused = (status: number): LabError =>
  status === 401 || status === 403
    ? new LabError('not-allowed', "labd doesn't accept this bastion's credential", {
        hint: 'Enrol the bastion again: remove labd-credential.json from BASTION_DIR, and give it a new join token.',
      })
    : new LabError('not-ready', `labd answered the link with status ${status}`);

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, signal.aborted ? 0 : ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
