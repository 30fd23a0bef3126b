import { LabError, isActive, type Clock, type InstallState } from '@lab/domain';
import { Inject, Injectable } from '@nestjs/common';
import { Changes } from '../feed/changes.notifier.js';
import { CLOCK } from '../injection-tokens.js';
import { writeFollowCursor, type FollowCursor } from './follow-cursor.js';
import { InstallLogQuery } from './install-log.query.js';
import { InstallQuery, type InstallPulse } from './install.query.js';

const LOOK_EVERY_MS = 1000;
const HEARTBEAT_MS = 15_000;
const LINES_AT_ONCE = 500;
const MOST_FOLLOWERS = 1000;
/** Lines travel on a stream of their own and may come after the report of the end: so long is waited for more. */
const QUIET_AFTER_END_MS = 2000;
/** And so long where no rule knows the cause yet: the watchdog looks every 3 s whether lines that came later say it. */
const QUIET_WITHOUT_CAUSE_MS = 5000;
const LONG_OVER_MS = 60_000;

/** Lets many people watch installs as they run. The database is the buffer: a slow reader holds a cursor, not a queue. */
@Injectable()
export class InstallFollowService {
  #followers = 0;

  constructor(
    private readonly installs: InstallQuery,
    private readonly lines: InstallLogQuery,
    private readonly changes: Changes,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Where a new follower starts. */
  async start(
    install: InstallPulse,
    resume: FollowCursor | undefined,
    tail: number | undefined,
  ): Promise<FollowCursor> {
    if (resume?.attempt === install.attempt) return resume;
    const line = tail === undefined ? 0 : await this.lines.tailStart(install.id, tail);
    return { attempt: install.attempt, stage: 0, line };
  }

  /** Raises `too-many-requests` before a stream is begun. */
  admit(): void {
    if (this.#followers < MOST_FOLLOWERS) return;
    throw new LabError('too-many-requests', 'Too many people follow installs', {
      hint: 'Try again later, or read the log without following it.',
      details: { retryAfterSeconds: 30 },
    });
  }

  /** The stream, as text of `text/event-stream`. It is pulled: nothing is read before the reader took what was read last. */
  async *follow(installId: string, from: FollowCursor, signal: AbortSignal): AsyncGenerator<string> {
    this.#followers += 1;
    let news = 0;
    let wake: () => void = () => undefined;
    const stopListening = this.changes.onInstallChange(installId, () => {
      news += 1;
      wake();
    });
    try {
      let cursor = from;
      let told: string | undefined;
      let lastSent = this.clock.now();
      let lastNews = this.clock.now();
      while (!signal.aborted) {
        const heard = news;
        const pulse = await this.installs.pulseOf(installId);
        if (pulse === undefined) return;
        // Stages and lines are read after the state, so at least everything that came before it is there.
        const batch = await this.#news(installId, cursor);
        const events = [...batch.events];
        cursor = batch.cursor;
        // A cause that is stated anew is told anew.
        const state = { state: pulse.state, failure: pulse.failure };
        const stated = JSON.stringify(state);
        if (told !== stated) events.push(event('state', cursor, state));
        told = stated;
        const now = this.clock.now();
        if (events.length > 0) {
          lastSent = lastNews = now;
          yield* inChunks(events);
        }
        if (batch.more) continue;
        if (hasEnded(pulse) && (isLongOver(pulse, now) || now - lastNews >= quietAfterEnd(pulse))) return;
        if (now - lastSent >= HEARTBEAT_MS) {
          lastSent = now;
          yield ': still here\n\n';
        }
        if (news !== heard) continue;
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, LOOK_EVERY_MS);
          const done = (): void => {
            clearTimeout(timer);
            signal.removeEventListener('abort', done);
            resolve();
          };
          wake = done;
          signal.addEventListener('abort', done, { once: true });
        });
      }
    } finally {
      stopListening();
      this.#followers -= 1;
    }
  }

  async #news(
    installId: string,
    from: FollowCursor,
  ): Promise<{ events: string[]; cursor: FollowCursor; more: boolean }> {
    const [stages, lines] = await Promise.all([
      this.installs.stagesAfter(installId, from.stage),
      this.lines.after(installId, from.line, LINES_AT_ONCE),
    ]);
    let cursor = from;
    const events: string[] = [];
    stages.forEach(({ revision, ...stage }, index) => {
      // Stages that changed together share a revision: the cursor moves over it with the last of them.
      const shared = stages[index + 1]?.revision === revision;
      cursor = { ...cursor, stage: shared ? revision - 1 : revision };
      events.push(event('stage', cursor, stage));
    });
    for (const line of lines) {
      cursor = { ...cursor, line: line.number };
      events.push(event('log', cursor, line));
    }
    return { events, cursor, more: lines.length === LINES_AT_ONCE };
  }
}

const quietAfterEnd = ({ failure }: InstallPulse): number =>
  failure !== null && (failure.diagnosis?.rule ?? null) === null
    ? QUIET_WITHOUT_CAUSE_MS
    : QUIET_AFTER_END_MS;
const hasEnded = (pulse: InstallPulse): boolean => !isActive(pulse.state as InstallState);
/** Nothing is awaited any more of an install that ended a minute ago. */
const isLongOver = (pulse: InstallPulse, now: number): boolean =>
  now - (pulse.finishedAt?.getTime() ?? now) > LONG_OVER_MS;

const event = (name: string, cursor: FollowCursor, data: unknown): string =>
  `event: ${name}\nid: ${writeFollowCursor(cursor)}\ndata: ${JSON.stringify(data)}\n\n`;

const CHUNK = 64 * 1024;

/** A write a chunk, not a write a line. */
function* inChunks(events: readonly string[]): Generator<string> {
  let chunk = '';
  for (const text of events) {
    chunk += text;
    if (chunk.length >= CHUNK) {
      yield chunk;
      chunk = '';
    }
  }
  if (chunk !== '') yield chunk;
}
