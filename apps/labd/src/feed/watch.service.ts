import { LabError, type Clock } from '@lab/domain';
import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { SessionsRepository } from '../auth/sessions.repository.js';
import { CLOCK } from '../injection-tokens.js';
import { FeedLog, type NumberedChange } from './feed-log.repository.js';
import { FeedTail } from './feed-tail.service.js';
import { seenAs, type WatchFilter } from './watch-filter.js';

const HEARTBEAT_MS = 15_000;
/** So often a watcher's session and permissions are looked at again. */
const RECHECK_MS = 30_000;
const MOST_WATCHERS = 2000;
const CHUNK = 64 * 1024;

/** Lets people watch resources. Each holds a cursor, no queue: who reads slowly reads from the database later. */
@Injectable()
export class WatchService {
  #watchers = 0;

  constructor(
    private readonly feed: FeedLog,
    private readonly tail: FeedTail,
    private readonly sessions: SessionsRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  get watchers(): number {
    return this.#watchers;
  }

  /** Where a watcher begins: after the cursor, or now. Raises `gone` for one that is no longer kept. */
  async start(cursor: string | undefined): Promise<number> {
    if (this.#watchers >= MOST_WATCHERS) {
      throw new LabError('too-many-requests', 'Too many people watch', {
        hint: 'Try again later, or list instead.',
        details: { retryAfterSeconds: 30 },
      });
    }
    // What is committed has a number, so that a list read before this is followed without a gap.
    while (await this.feed.number()) continue;
    const { floor, head } = await this.feed.bounds();
    if (cursor === undefined || cursor === '') return head;
    const since = /^\d{1,15}$/.test(cursor) ? Number(cursor) : undefined;
    if (since === undefined || since > head) {
      throw new LabError('invalid', 'since: is not a cursor of this feed', {
        hint: 'Pass the id of an event that you got, or leave it out to begin now.',
        errors: [{ path: 'since', message: 'is not a cursor of this feed' }],
      });
    }
    if (since < floor) throw gone();
    return since;
  }

  /** The stream, as text of `text/event-stream`. It is pulled: nothing is read before the reader took what was read last. */
  async *watch(
    caller: Caller,
    filter: WatchFilter,
    from: number,
    signal: AbortSignal,
  ): AsyncGenerator<string> {
    this.#watchers += 1;
    try {
      let cursor = from;
      let grants = caller.grants;
      let lastSent = this.clock.now();
      let checked = this.clock.now();
      yield `event: ready\nid: ${cursor}\ndata: {"cursor":"${cursor}"}\n\n`;
      while (!signal.aborted) {
        const now = this.clock.now();
        if (now - checked >= RECHECK_MS) {
          checked = now;
          const session = await this.sessions.findByHash(caller.tokenHash, caller.byToken, new Date(now));
          if (session === undefined) {
            yield problem(
              'not-logged-in',
              'The login has ended',
              'Log in again, and go on from the last id.',
            );
            return;
          }
          grants = session.grants;
        }
        const events = await this.#after(cursor);
        if (events === undefined) {
          const { message, hint = '' } = gone();
          yield problem('gone', message, hint);
          return;
        }
        let chunk = '';
        for (const event of events) {
          cursor = event.seq;
          const type = seenAs(filter, grants, event);
          if (type === undefined) continue;
          chunk += `event: ${type}\nid: ${cursor}\ndata: {"type":"${type}","kind":"${event.kind}","object":${event.text}}\n\n`;
          if (chunk.length >= CHUNK) {
            yield chunk;
            chunk = '';
            lastSent = this.clock.now();
          }
        }
        if (chunk !== '') {
          yield chunk;
          lastSent = this.clock.now();
        } else if (this.clock.now() - lastSent >= HEARTBEAT_MS) {
          // Its id moves the cursor on, so that a reconnect needn't read again what isn't for this watcher.
          yield `: still here\nid: ${cursor}\n\n`;
          lastSent = this.clock.now();
        }
        await this.tail.waitBehind(cursor, HEARTBEAT_MS, signal);
      }
    } finally {
      this.#watchers -= 1;
    }
  }

  /** From memory, or a page from the database; undefined if it is no longer there. */
  async #after(cursor: number): Promise<readonly (NumberedChange & { text: string })[] | undefined> {
    const recent = this.tail.after(cursor);
    if (recent !== undefined) return recent;
    const { floor } = await this.feed.bounds();
    if (cursor < floor) return undefined;
    return (await this.feed.after(cursor)).map((change) => ({
      ...change,
      text: JSON.stringify(change.object),
    }));
  }
}

const gone = (): LabError =>
  new LabError('gone', 'since: the changes after this cursor are no longer kept', {
    hint: 'List again, and watch from there.',
    errors: [{ path: 'since', message: 'lies before what is kept' }],
  });

const problem = (code: string, detail: string, hint: string): string =>
  `event: error\ndata: ${JSON.stringify({ type: `urn:lab:problem:${code}`, code, detail, hint })}\n\n`;
