import type { ServerResponse } from 'node:http';
import { isActive } from '@lab/domain';
import { stages, uuid } from './resources.js';
import type { Failure, InstallState, Server, Stage } from './resources.js';

interface Event {
  name: 'stage' | 'log';
  data: unknown;
}

/** An install of the fake labd, driven by a spec: followers hear what it is told. */
export class FakeInstall {
  readonly server: Server;
  readonly id: string;
  readonly stages: Stage[] = stages();
  state: InstallState = 'queued';
  failure: Failure | null = null;
  /** `Last-Event-ID` of each connection that followed. */
  readonly connections: (string | undefined)[] = [];
  #lines: { number: number; at: string; source: string; stage: string | null; text: string }[] = [];
  #events: Event[] = [];
  readonly #followers = new Set<ServerResponse>();
  #connected: (() => void) | undefined;

  constructor(server: Server, number = 500) {
    this.server = server;
    this.id = uuid(number);
  }

  /** Resolves at the next connection of a follower. */
  nextFollower(): Promise<void> {
    return new Promise((resolve) => (this.#connected = resolve));
  }

  log(text: string, stage: string | null = null, at = '2026-11-22T10:00:00.000Z'): void {
    const line = {
      number: this.#lines.length + 1,
      at,
      source: 'pre',
      stage,
      text,
    };
    this.#lines.push(line);
    this.#tell({ name: 'log', data: line });
  }

  stage(name: string, change: Partial<Stage>): void {
    const stage = this.stages.find((candidate) => candidate.name === name);
    if (stage === undefined) throw new Error(`no stage ${name}`);
    Object.assign(stage, change);
    this.#tell({ name: 'stage', data: { ...stage } });
  }

  become(state: InstallState, failure: Failure | null = null): void {
    this.state = state;
    this.failure = failure;
    this.server.status.phase = isActive(state)
      ? 'provisioning'
      : state === 'succeeded'
        ? 'installed'
        : 'failed';
    this.server.status.install = this.summary();
    for (const follower of this.#followers) {
      follower.write(this.#stateEvent());
      if (!isActive(state)) follower.end();
    }
  }

  /** The connections break, as when labd is killed. */
  cut(): void {
    for (const follower of this.#followers) follower.destroy();
    this.#followers.clear();
  }

  follow(response: ServerResponse, lastEventId: string | undefined, query: URLSearchParams): void {
    this.connections.push(lastEventId);
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    const first = Number(lastEventId ?? 0);
    const tail = query.get('tail');
    const oldest = tail === null || lastEventId !== undefined ? 0 : this.#lines.length - Number(tail);
    for (const [index, event] of this.#events.entries()) {
      const old = event.name === 'log' && (event.data as { number: number }).number <= oldest;
      if (index >= first && !old) response.write(text(event, index + 1));
    }
    response.write(this.#stateEvent());
    if (isActive(this.state)) this.#followers.add(response);
    else response.end();
    this.#connected?.();
  }

  logPage(query: URLSearchParams): unknown {
    const limit = 3;
    const stage = query.get('stage');
    const after = Number(query.get('after') ?? 0);
    const wanted = this.#lines.filter(
      (line) => line.number > after && (stage === null || line.stage === stage),
    );
    const tail = query.get('tail');
    const from = tail === null ? wanted : wanted.slice(Math.max(0, wanted.length - Number(tail)));
    const lines = from.slice(0, limit);
    return {
      install: { id: this.id, attempt: 2, state: this.state },
      lines,
      logTotal: this.#lines.length,
      next: from.length > limit ? (lines.at(-1)?.number ?? null) : null,
    };
  }

  summary(): NonNullable<Server['status']['install']> {
    return {
      id: this.id,
      attempt: 2,
      state: this.state,
      profile: 'fedora-43',
      role: 'worker',
      hostname: this.server.metadata.name,
      stage: null,
      queuedAt: '2026-11-22T10:00:00.000Z',
      startedAt: '2026-11-22T10:00:10.000Z',
      finishedAt: isActive(this.state) ? null : '2026-11-22T10:06:10.000Z',
      failure: this.failure,
      warnings: [],
    };
  }

  resource(): unknown {
    const { id, name } = this.server.metadata;
    return {
      apiVersion: 'lab/v1',
      kind: 'Install',
      metadata: { id: this.id, createdAt: '2026-11-22T10:00:00.000Z' },
      ...this.summary(),
      server: { id, name },
      stages: this.stages,
      logTotal: this.#lines.length,
    };
  }

  #tell(event: Event): void {
    this.#events.push(event);
    for (const follower of this.#followers) follower.write(text(event, this.#events.length));
  }

  #stateEvent(): string {
    const data = JSON.stringify({ state: this.state, failure: this.failure });
    return `event: state\nid: ${this.#events.length}\ndata: ${data}\n\n`;
  }
}

const text = ({ name, data }: Event, id: number): string =>
  `event: ${name}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`;
