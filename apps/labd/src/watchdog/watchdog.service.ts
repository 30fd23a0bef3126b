import { WATCHED_CONDITIONS, type Clock } from '@lab/domain';
import type { Database } from '@lab/database';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { Changes } from '../feed/changes.notifier.js';
import { CLOCK, DATABASE, LOGGER, SETTINGS, type Settings } from '../injection-tokens.js';
import { Diagnostician } from '../provisioning/diagnostician.js';
import { UsualTimesQuery } from '../provisioning/usual-times.query.js';
import type { ConditionDto } from '../servers/server.dto.js';
import { ServerChanges } from '../servers/server-changes.repository.js';
import { conditionOf, isSameTrouble, troubleOf, type Trouble } from './install-conditions.js';
import { WatchedInstalls, type WatchedServer } from './watched-installs.repository.js';

const EVERY_MS = 3_000;

/**
 * Looks at every install that runs: which is stuck, and in what; and at those that failed: whether lines that came later say
 * more of the cause. Every replica does; what two write at once is the same, and written once.
 */
@Injectable()
export class Watchdog implements OnApplicationBootstrap, OnApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  constructor(
    private readonly installs: WatchedInstalls,
    private readonly usualTimes: UsualTimesQuery,
    private readonly diagnostician: Diagnostician,
    private readonly serverChanges: ServerChanges,
    private readonly changes: Changes,
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => {
      this.#running ??= this.look()
        .catch((err: unknown) => {
          this.log.error({ err }, 'the watchdog could not look; it tries again');
        })
        .finally(() => {
          this.#running = undefined;
        });
    }, EVERY_MS);
    this.#timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  async look(): Promise<void> {
    const now = new Date(this.clock.now());
    const changed = (await this.installs.all(now)).flatMap((server) => {
      const trouble = troubleOf(server.install, now, this.settings.silenceSeconds);
      return isShown(server.conditions, trouble) ? [] : [{ server, trouble }];
    });
    if (changed.length > 0) await this.#show(changed, now);
    await this.diagnostician.catchUp(now);
  }

  async #show(changed: readonly Changed[], now: Date): Promise<void> {
    const profiles = changed.flatMap(({ server, trouble }) =>
      trouble?.type === 'Stuck' && trouble.stuck.stage !== null ? [server.install.profile] : [],
    );
    const usual = profiles.length === 0 ? undefined : await this.usualTimes.of(profiles);
    const servers = changed.map(({ server, trouble }) => {
      const others = server.conditions.filter(({ type }) => !WATCHED_CONDITIONS.includes(type));
      const stage = trouble?.type === 'Stuck' ? trouble.stuck.stage : null;
      const time = usual?.get(`${server.install.profile} ${stage ?? ''}`);
      const conditions = trouble === undefined ? others : [...others, conditionOf(trouble, time)];
      return { id: server.id, version: server.version, conditions };
    });
    const written = await this.database.transaction(
      async (tx) => {
        const ids = await this.installs.write(tx, servers, now);
        await this.serverChanges.record(
          tx,
          ids.map((id) => ({ type: 'modified', id })),
          now,
        );
        return ids;
      },
      // The rows that it is about are locked by the first statement.
      { isolation: 'read-committed' },
    );
    if (written.length > 0) this.changes.committed();
  }
}

interface Changed {
  server: WatchedServer;
  trouble: Trouble | undefined;
}

function isShown(conditions: readonly ConditionDto[], trouble: Trouble | undefined): boolean {
  const shown = conditions.filter(({ type }) => WATCHED_CONDITIONS.includes(type));
  if (trouble === undefined) return shown.length === 0;
  const [only] = shown;
  return shown.length === 1 && only !== undefined && isSameTrouble(only, trouble);
}
