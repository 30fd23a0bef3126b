import type { Clock } from '@lab/domain';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { UnconfirmedServers } from '../bastions/unconfirmed-servers.service.js';
import { FeedLog } from '../feed/feed-log.repository.js';
import { CLOCK, LOGGER, SETTINGS, type Settings } from '../injection-tokens.js';
import { NetbootMachines } from '../netboot/netboot-machines.repository.js';
import { OldLines } from './old-lines.repository.js';

const EVERY_MS = 10 * 60_000;

/** Takes away what is older than the configuration wants. Several replicas may do it at once: it is deleted once. */
@Injectable()
export class Housekeeper implements OnApplicationBootstrap, OnApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly feed: FeedLog,
    private readonly lines: OldLines,
    private readonly netboot: NetbootMachines,
    private readonly unconfirmed: UnconfirmedServers,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => {
      this.#running = this.tidy().catch((err: unknown) => {
        this.log.error({ err }, 'what is too old could not be taken away; it is tried again');
      });
    }, EVERY_MS);
    this.#timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#running;
  }

  /** In batches, so that no statement takes long. */
  async tidy(): Promise<void> {
    const now = this.clock.now();
    const { feedRetentionMs, logRetentionMs } = this.settings;
    const events = await this.#all(() => this.feed.prune(new Date(now - feedRetentionMs)));
    const lines = await this.#all(() => this.lines.prune(new Date(now - logRetentionMs)));
    const machines = await this.#all(() => this.netboot.prune(new Date(now - logRetentionMs)));
    await this.unconfirmed.settle();
    if (events + lines + machines > 0)
      this.log.info({ events, lines, machines }, 'what is too old was taken away');
  }

  async #all(prune: () => Promise<number>): Promise<number> {
    let total = 0;
    for (;;) {
      const pruned = this.#stopped ? 0 : await prune();
      total += pruned;
      if (pruned === 0) return total;
    }
  }
}
