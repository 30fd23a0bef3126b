import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Clock } from '@lab/domain';
import type { Database } from '@lab/database';
import type { Logger } from 'pino';
import { CLOCK, DATABASE, LOGGER } from '../injection-tokens.js';
import { AuditTrail } from './audit-trail.repository.js';

/** Something that somebody was refused. */
export interface Refusal {
  actor: string;
  /** `DELETE /api/v1/servers/{ref}`, `login` */
  what: string;
  /** What it was about, as far as the request says. */
  name?: string | undefined;
  requestId: string;
  source: string;
  details: Readonly<Record<string, unknown>>;
}

interface Repeated {
  refusal: Refusal;
  since: number;
  /** After the one that was written at once. */
  times: number;
}

const WINDOW_MS = 60_000;
const MOST_WINDOWS = 1000;

/**
 * Audits refusals. The first of its sort is written at once; its like within a minute are counted and written as one row,
 * so that whoever asks without end fills neither the log nor our memory.
 */
@Injectable()
export class Refusals implements OnApplicationShutdown {
  readonly #windows = new Map<string, Repeated>();
  #overflow = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
    private readonly audit: AuditTrail,
  ) {}

  /** Never fails and never waits: who is refused has their answer already. */
  note(refusal: Refusal): void {
    const now = this.clock.now();
    this.#closeWindows(now);
    const key = `${refusal.actor}\n${refusal.what}\n${refusal.source}`;
    const open = this.#windows.get(key);
    if (open !== undefined) {
      open.times += 1;
      open.refusal = refusal;
    } else if (this.#windows.size < MOST_WINDOWS) {
      this.#windows.set(key, { refusal, since: now, times: 0 });
      this.#write(refusal, now, 1);
    } else {
      this.#overflow += 1;
    }
  }

  async onApplicationShutdown(): Promise<void> {
    this.#closeWindows(Number.POSITIVE_INFINITY);
    await this.#writing;
  }

  #closeWindows(now: number): void {
    for (const [key, { refusal, since, times }] of this.#windows) {
      // In the order in which they were opened.
      if (now - since < WINDOW_MS) break;
      this.#windows.delete(key);
      if (times > 0) this.#write(refusal, Math.min(now, since + WINDOW_MS), times);
    }
    if (this.#overflow > 0 && this.#windows.size < MOST_WINDOWS) {
      this.log.warn(
        { refusals: this.#overflow },
        'refusals of too many sorts at once: these are not in the audit log',
      );
      this.#overflow = 0;
    }
  }

  #write({ actor, what, name, requestId, source, details }: Refusal, at: number, times: number): void {
    const entry = {
      at: new Date(at),
      actor,
      action: 'refused',
      kind: 'Request',
      resourceName: name ?? null,
      after: { what, times, ...details },
      requestId,
      source,
    };
    this.#writing = this.#writing
      .then(() => this.database.transaction((tx) => this.audit.record(tx, [entry])))
      .catch((err: unknown) => {
        this.log.error({ err, entry }, 'a refusal could not be audited');
      });
  }
}
