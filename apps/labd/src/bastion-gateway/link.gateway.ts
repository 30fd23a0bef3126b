import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '@lab/domain';
import type { Database } from '@lab/database';
import {
  CLOSE,
  LabdSession,
  MAX_FRAME_BYTES,
  PROTOCOL_VERSION,
  WINDOWS,
  type Hello,
  type Welcome,
} from '@lab/protocol';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { HttpAdapterHost } from '@nestjs/core';
import type { Logger } from 'pino';
import { WebSocketServer } from 'ws';
import { hashOf } from '../auth/tokens.js';
import { StreamsRepository } from '../bastions/streams.repository.js';
import { Changes } from '../feed/changes.notifier.js';
import { CLOCK, DATABASE, LOGGER } from '../injection-tokens.js';
import { RecordFacts } from '../provisioning/commands/record-facts/record-facts.command.js';
import { storable } from '../provisioning/storable.js';
import type { ReportingBastion } from '../servers/machine-registry.js';
import { linkSocket } from './link-socket.js';
import { LinkReports } from './link-reports.js';
import { LinksRepository } from './links.repository.js';
import { NetworkSender } from './network-sender.js';
import { PlanQuery } from './plan.query.js';
import { PlanSender } from './plan-sender.js';
import { ServedNetworksQuery } from './served-networks.query.js';

export const LINK_PATH = '/api/v1/link';
const ALIVE_EVERY_MS = 20_000;
const BEARER = /^Bearer ([A-Za-z0-9_-]{20,200})$/i;

/** An open link. */
interface Link {
  id: string;
  session: LabdSession;
  plans: PlanSender;
  networks: NetworkSender;
}

/** labd's end of the links: who may open one, and what its session does with the database. */
@Injectable()
export class LinkGateway implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
  });
  readonly #links = new Map<string, Link>();
  /** Commits and farewells under way: the database stays open until they are done. */
  readonly #work = new Set<Promise<unknown>>();
  #ending = false;

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
    private readonly host: HttpAdapterHost,
    private readonly commands: CommandBus,
    private readonly links: LinksRepository,
    private readonly streams: StreamsRepository,
    private readonly reports: LinkReports,
    private readonly plans: PlanQuery,
    private readonly networks: ServedNetworksQuery,
    private readonly changes: Changes,
  ) {}

  onApplicationBootstrap(): void {
    // Fastify's own server, which Nest types as any.
    const server = this.host.httpAdapter.getHttpServer() as Server;
    server.on('upgrade', (request, socket, head) => {
      this.#upgrade(request, socket, head).catch((err: unknown) => {
        this.log.error({ err }, 'a link could not be opened');
        refuse(socket, '503 Service Unavailable');
      });
    });
    this.changes.onBastionChange(({ bastionId, removed }) => {
      const link = this.#links.get(bastionId);
      link?.plans.wake();
      // With a server its addresses are gone.
      if (removed.length > 0) link?.networks.wake();
    });
    this.changes.onNetworksChange(() => {
      for (const { networks } of this.#links.values()) networks.wake();
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#ending = true;
    const closed = [...this.#links.values()].map(({ session }) => {
      session.close(CLOSE.goingAway, 'labd ends');
      return session.closed;
    });
    const patience = new Promise((resolve) => setTimeout(resolve, 2000).unref());
    await Promise.race([Promise.all(closed), patience]);
    for (const socket of this.#sockets.clients) socket.terminate();
    while (this.#work.size > 0) await Promise.allSettled([...this.#work]);
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    if (request.url?.split('?')[0] !== LINK_PATH) {
      refuse(socket, '404 Not Found');
      return;
    }
    if (this.#ending) {
      refuse(socket, '503 Service Unavailable');
      return;
    }
    const credential = BEARER.exec(request.headers.authorization ?? '')?.[1];
    const bastion =
      credential === undefined ? undefined : await this.links.findByCredential(hashOf(credential));
    if (bastion === undefined) {
      this.log.warn({ address: request.socket.remoteAddress }, 'a link with a wrong credential was refused');
      refuse(socket, '401 Unauthorized', 'WWW-Authenticate: Bearer\r\n');
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      this.#open(bastion, linkSocket(webSocket));
    });
  }

  #open(bastion: ReportingBastion, socket: ReturnType<typeof linkSocket>): void {
    const linkId = randomUUID();
    const log = this.log.child({ bastion: bastion.name, link: linkId });
    // Written with the heartbeat: an ack a plan would collide with every transaction that changes the plan.
    let planAcked = 0;
    const reports = this.reports.of({ bastion, linkId, log, tracked: (work) => this.#tracked(work) });
    const session = new LabdSession({
      socket,
      clock: this.clock,
      log: {
        debug: (details, message) => {
          log.debug(details, message);
        },
        warn: (details, message) => {
          log.warn(details, message);
        },
      },
      accept: (hello) => this.#tracked(this.#accept(bastion, linkId, hello)),
      commit: (stream, epoch, facts) =>
        this.#tracked(this.commands.execute(new RecordFacts(bastion, stream, epoch, facts))),
      ...reports.handlers,
      planAcked: (generation) => {
        planAcked = generation;
      },
    });
    const plans = new PlanSender(this.plans, {
      bastionId: bastion.id,
      linkId,
      send: (plan) => {
        session.sendPlan(plan);
      },
      close: (code, reason) => {
        session.close(code, reason);
      },
      failed: (err) => {
        log.warn({ err }, 'the plan could not be read; it is tried again');
      },
    });
    const networks = new NetworkSender(this.networks, {
      bastionId: bastion.id,
      send: (part) => {
        session.sendNetworks(part);
      },
      failed: (err) => {
        log.warn({ err }, 'what a bastion serves could not be read; it is tried again');
      },
    });
    const alive = setInterval(() => {
      reports.retry();
      this.#background(
        this.links.alive(bastion.id, linkId, planAcked, this.#now()),
        'a link could not be noted as alive',
      );
    }, ALIVE_EVERY_MS);
    alive.unref();

    session.established.then(
      (hello) => {
        this.#links
          .get(bastion.id)
          ?.session.close(CLOSE.replaced, 'another link of this bastion has taken over');
        this.#links.set(bastion.id, { id: linkId, session, plans, networks });
        log.info({ version: hello.softwareVersion, url: hello.url }, 'a bastion is connected');
        plans.wake();
        networks.wake();
      },
      () => undefined, // `closed` tells
    );
    void session.closed.then(({ code, reason }) => {
      clearInterval(alive);
      if (this.#links.get(bastion.id)?.id === linkId) this.#links.delete(bastion.id);
      log.info({ code, reason }, 'a link has ended');
      this.#background(
        Promise.all([plans.stop(), networks.stop()]).then(() =>
          this.links.disconnected(bastion.id, linkId, planAcked, this.#now()),
        ),
        'the end of a link could not be noted',
      );
    });
  }

  async #accept(bastion: ReportingBastion, linkId: string, hello: Hello): Promise<Welcome> {
    const acked = await this.database.transaction(async (tx) => {
      await this.links.connected(tx, bastion.id, linkId, storable(hello), this.#now());
      return this.streams.open(tx, bastion.id, hello.epochs);
    });
    return {
      bastionId: bastion.id,
      protocol: PROTOCOL_VERSION,
      acked: {
        facts: { epoch: hello.epochs.facts, seq: acked.facts },
        logs: { epoch: hello.epochs.logs, seq: acked.logs },
      },
      windows: WINDOWS,
    };
  }

  #now(): Date {
    return new Date(this.clock.now());
  }

  #tracked<T>(work: Promise<T>): Promise<T> {
    this.#work.add(work);
    const done = (): void => {
      this.#work.delete(work);
    };
    work.then(done, done);
    return work;
  }

  #background(work: Promise<unknown>, failure: string): void {
    this.#tracked(
      work.catch((err: unknown) => {
        this.log.warn({ err }, failure);
      }),
    ).catch(() => undefined);
  }
}

function refuse(socket: Duplex, status: string, headers = ''): void {
  socket.end(`HTTP/1.1 ${status}\r\n${headers}Connection: close\r\nContent-Length: 0\r\n\r\n`);
}
