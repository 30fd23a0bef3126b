import { randomUUID } from 'node:crypto';
import { systemClock, type Clock, type StageEvent, type StageName } from '@lab/domain';
import {
  BastionSession,
  MAX_LINES_PER_BATCH,
  MAX_MACHINES_PER_SYNC,
  type Fact,
  type FactSource,
  type FrameSocket,
  type Hello,
  type Machine,
  type Networks,
  type Plan,
  type ServerPlan,
  type SpooledFact,
} from '@lab/protocol';
import { WebSocket } from 'ws';

/** labd as it is reached over HTTP, by an administrator; by nobody if the last argument is `null`. */
export interface ReachableLabd {
  readonly url: string;
  call: (method: string, path: string, body: object, token?: null) => Promise<{ body: unknown }>;
}

/** A spool in memory: what was never acked is still there after a reconnect. */
class MemorySpool implements FactSource {
  readonly epoch = randomUUID();
  readonly facts: SpooledFact[] = [];
  ackedSeq = 0;
  readonly #listeners = new Set<() => void>();
  readonly #waiting = new Set<() => void>();

  append(fact: Fact): void {
    this.facts.push({ seq: this.facts.length + 1, fact });
    for (const listener of this.#listeners) listener();
  }

  readAfter(seq: number, max: number): Promise<SpooledFact[]> {
    return Promise.resolve(this.facts.slice(seq, seq + max));
  }

  acked(seq: number): Promise<void> {
    this.ackedSeq = Math.max(this.ackedSeq, seq);
    for (const resolve of this.#waiting) resolve();
    return Promise.resolve();
  }

  onAppended(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Until everything that was appended so far is committed. */
  async settled(): Promise<void> {
    const target = this.facts.length;
    while (this.ackedSeq < target) {
      await new Promise<void>((resolve) => {
        this.#waiting.add(resolve);
      });
    }
  }
}

/** The bastion's end of a real link, with a plan that can be waited for. */
export class LinkedBastion {
  readonly facts = new MemorySpool();
  readonly logs = new MemorySpool();
  readonly plans: Plan[] = [];
  readonly held = new Map<string, ServerPlan>();
  /** All parts of `labd-networks`, as they came. */
  readonly networkParts: Networks[] = [];
  session: BastionSession | undefined;
  /** What it says in its hello of what it can install; layouts and roles: undefined is an older bastion's. */
  offers: { profiles?: Hello['profiles']; layouts?: Hello['layouts']; roles?: Hello['roles'] } = {};
  /** What its reports are dated by. */
  clock: Clock = systemClock;
  readonly #onPlan = new Set<() => void>();
  readonly #onNetworks = new Set<() => void>();

  constructor(
    private readonly labd: ReachableLabd,
    readonly name: string,
    readonly id: string,
    readonly credential: string,
  ) {}

  /** Of the default cloud and environment, unless `spec` says another. */
  static async enrol(labd: ReachableLabd, name: string, spec: object = {}): Promise<LinkedBastion> {
    const made = await labd.call('POST', '/api/v1/tokens', { spec });
    const { token } = (made.body as { status: { token: string } }).status;
    const enrolled = await labd.call('POST', '/api/v1/bastions/enrol', { token, name }, null);
    const { bastionId, credential } = enrolled.body as { bastionId: string; credential: string };
    return new LinkedBastion(labd, name, bastionId, credential);
  }

  async connect(): Promise<void> {
    const socket = new WebSocket(`${this.labd.url.replace('http', 'ws')}/api/v1/link`, {
      headers: { authorization: `Bearer ${this.credential}` },
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    const profile = (name: string) => ({ name, title: name, os: 'fedora', version: '43', arch: 'x86_64' });
    this.session = new BastionSession({
      socket: frames(socket),
      hello: {
        name: this.name,
        softwareVersion: '0.1.0',
        protocol: { min: 1, max: 1 },
        epochs: { facts: this.facts.epoch, logs: this.logs.epoch },
        profiles: [profile('fedora-43'), profile('test-installer')],
        planGeneration: 0,
        url: 'http://192.168.77.1:7071',
        ...this.offers,
      },
      sources: { facts: this.facts, logs: this.logs },
      onPlan: (plan) => {
        this.plans.push(plan);
        if (plan.full) this.held.clear();
        for (const server of plan.servers) this.held.set(server.serverId, server);
        for (const id of plan.removed) this.held.delete(id);
        for (const listener of this.#onPlan) listener();
        return Promise.resolve();
      },
      onNetworks: (part) => {
        this.networkParts.push(part);
        for (const listener of this.#onNetworks) listener();
      },
      clock: systemClock,
      log: { debug: () => undefined, warn: () => undefined },
    });
    await this.session.established;
  }

  async disconnect(): Promise<void> {
    this.session?.close();
    await this.session?.closed;
  }

  /** Until the plan for a server is as wanted; undefined: it is not in the plan. */
  async planned(
    serverId: string,
    wanted: (plan: ServerPlan | undefined) => boolean,
  ): Promise<ServerPlan | undefined> {
    while (!wanted(this.held.get(serverId))) {
      await new Promise<void>((resolve) => {
        const listener = (): void => {
          this.#onPlan.delete(listener);
          resolve();
        };
        this.#onPlan.add(listener);
      });
    }
    return this.held.get(serverId);
  }

  /** What it serves, once all parts of the newest revision are there; undefined before. */
  get serves(): Pick<Networks, 'networks' | 'reservations'> | undefined {
    const last = this.networkParts.at(-1);
    const parts = this.networkParts
      .filter(({ revision }) => revision === last?.revision)
      .slice(-(last?.parts ?? 0));
    if (last === undefined || parts.length < last.parts) return undefined;
    return {
      networks: parts.flatMap(({ networks }) => networks),
      reservations: parts.flatMap(({ reservations }) => reservations),
    };
  }

  /** Until what it serves is as wanted. */
  async serving(wanted: (level: Pick<Networks, 'networks' | 'reservations'>) => boolean): Promise<void> {
    while (this.serves === undefined || !wanted(this.serves)) {
      await new Promise<void>((resolve) => {
        const listener = (): void => {
          this.#onNetworks.delete(listener);
          resolve();
        };
        this.#onNetworks.add(listener);
      });
    }
  }

  async sees(...machines: Machine[]): Promise<void> {
    for (let from = 0; from < machines.length; from += MAX_MACHINES_PER_SYNC) {
      const part = machines.slice(from, from + MAX_MACHINES_PER_SYNC);
      this.facts.append({ type: 'bastion-state-sync', payload: { machines: part } });
    }
    await this.facts.settled();
  }

  report(installId: string, stage: StageName, event: StageEvent, extra: Partial<Reported> = {}): void {
    const at = new Date(this.clock.now()).toISOString();
    const payload = { installId, stage, event, at, message: null, failure: null, facts: null, ...extra };
    this.facts.append({ type: 'bastion-progress', payload });
  }

  async reports(installId: string, ...steps: [StageName, StageEvent, Partial<Reported>?][]): Promise<void> {
    for (const [stage, event, extra] of steps) this.report(installId, stage, event, extra);
    await this.facts.settled();
  }

  async writes(installId: string, first: number, ...texts: string[]): Promise<void> {
    const at = new Date(this.clock.now()).toISOString();
    const lines = texts.map((text, index) => ({
      number: first + index,
      at,
      source: 'pre',
      stage: null,
      text,
    }));
    for (let from = 0; from < lines.length; from += MAX_LINES_PER_BATCH) {
      const part = lines.slice(from, from + MAX_LINES_PER_BATCH);
      this.logs.append({ type: 'bastion-log', payload: { installId, lines: part } });
    }
    await this.logs.settled();
  }
}

type Reported = Extract<Fact, { type: 'bastion-progress' }>['payload'];

function frames(socket: WebSocket): FrameSocket {
  return {
    send: (frame) => {
      socket.send(frame);
    },
    close: (code, reason) => {
      socket.close(code, reason);
    },
    onFrame: (receive) => {
      socket.on('message', (data) => {
        receive((data as Buffer).toString('utf8'));
      });
    },
    onClose: (closed) => {
      socket.on('close', (code, reason) => {
        closed(code, reason.toString('utf8'));
      });
    },
  };
}

/** A machine as a bastion reports it; `number` tells one from another. */
export function aMachine(number: number, changes: Partial<Machine> = {}): Machine {
  const hex = number.toString(16).padStart(6, '0');
  const mac = `52:54:00:${hex.slice(0, 2)}:${hex.slice(2, 4)}:${hex.slice(4, 6)}` as Machine['mac'];
  return {
    mac,
    uuid: `4c4c4544-0000-4000-8000-000000${hex}`,
    serial: `SN${hex}`,
    manufacturer: 'Dell Inc.',
    model: 'R640',
    bootMode: 'uefi',
    arch: 'x86_64',
    cpuModel: 'Xeon',
    cpuCores: 8,
    memoryBytes: 17_179_869_184,
    nics: [
      {
        name: 'ens3',
        mac,
        driver: 'virtio_net',
        speedMbps: 1000,
        linkUp: true,
        addresses: ['192.168.77.100/24'],
      },
    ],
    disks: [
      {
        ...{
          name: 'vda',
          sizeBytes: 268_435_456_000,
          model: 'QEMU',
          serial: `D${hex}`,
          wwn: null,
          byId: null,
        },
        ...{ rotational: false, removable: false, transport: 'nvme', hasData: false },
      },
    ],
    seenAt: new Date().toISOString(),
    ...changes,
  };
}
