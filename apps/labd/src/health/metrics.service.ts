import type { Clock } from '@lab/domain';
import type { Database } from '@lab/database';
import { Inject, Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { FeedLog } from '../feed/feed-log.repository.js';
import { WatchService } from '../feed/watch.service.js';
import { CLOCK, DATABASE } from '../injection-tokens.js';
import { MetricsQuery, type Counts } from './metrics.query.js';

const LINK_ALIVE_MS = 65_000;

/** What Prometheus scrapes. Routes are told by their templates, so that their number is bounded. */
@Injectable()
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests = new Histogram({
    name: 'labd_http_request_duration_seconds',
    help: 'Requests by route',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10],
    registers: [this.#registry],
  });

  readonly #count: () => Promise<Counts>;
  #counts: Promise<Counts> | undefined;

  constructor(
    @Inject(DATABASE) database: Database,
    @Inject(CLOCK) clock: Clock,
    counts: MetricsQuery,
    feed: FeedLog,
    watches: WatchService,
  ) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry, prefix: 'labd_' });
    new Counter({
      name: 'labd_sql_statements_total',
      help: 'Statements sent to the database',
      registers,
      collect() {
        this.reset();
        this.inc(database.statistics().statements);
      },
    });
    new Counter({
      name: 'labd_sql_seconds_total',
      help: 'Time that statements took, waiting for their answers included',
      registers,
      collect() {
        this.reset();
        this.inc(database.statistics().seconds);
      },
    });
    new Gauge({
      name: 'labd_sql_connections',
      help: 'Connections to the database, and statements that wait for one',
      labelNames: ['state'],
      registers,
      collect() {
        const { connections, idle, waiting } = database.statistics();
        this.set({ state: 'busy' }, connections - idle);
        this.set({ state: 'idle' }, idle);
        this.set({ state: 'waiting' }, waiting);
      },
    });
    new Gauge({
      name: 'labd_feed_lag_seconds',
      help: 'Age of the oldest change that watchers can not see yet',
      registers,
      async collect() {
        this.set(await feed.lagSeconds(new Date(clock.now())));
      },
    });
    new Gauge({
      name: 'labd_watchers',
      help: 'Watches that are open on this replica',
      registers,
      collect() {
        this.set(watches.watchers);
      },
    });
    // One look into the database a scrape, which these share.
    const counted = (): Promise<Counts> => this.#counts ?? this.#count();
    this.#count = () => counts.counts(new Date(clock.now() - LINK_ALIVE_MS));
    new Gauge({
      name: 'labd_servers',
      help: 'Servers by phase',
      labelNames: ['phase'],
      registers,
      async collect() {
        this.reset();
        for (const [phase, count] of (await counted()).servers) this.set({ phase }, count);
      },
    });
    new Gauge({
      name: 'labd_installs',
      help: 'Installs by state',
      labelNames: ['state'],
      registers,
      async collect() {
        for (const [state, count] of (await counted()).installs) this.set({ state }, count);
      },
    });
    new Gauge({
      name: 'labd_links',
      help: 'Bastions whose links are up, on any replica',
      registers,
      async collect() {
        this.set((await counted()).linksUp);
      },
    });
  }

  observeRequest(method: string, route: string, status: number, milliseconds: number): void {
    this.#requests.observe({ method, route, status: String(status) }, milliseconds / 1000);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  async text(): Promise<string> {
    this.#counts = this.#count();
    try {
      return await this.#registry.metrics();
    } finally {
      this.#counts = undefined;
    }
  }
}
