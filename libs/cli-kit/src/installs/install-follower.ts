import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createParser } from 'eventsource-parser';
import { isActive } from '@lab/domain';
import type { LabClient } from '../api/lab-client.js';
import { ConnectionError } from '../api/connection-error.js';
import { LabError } from '@lab/domain';
import { followEvent } from './follow-events.js';
import type { FollowEvent } from './follow-events.js';

export interface FollowOptions {
  /** Attempt number; the newest install without it. */
  install?: number | undefined;
  /** Only the last lines of what was logged before; all of them without it. */
  tail?: number | undefined;
  signal: AbortSignal;
  timing?: Partial<FollowTiming>;
}

/** Milliseconds. */
export interface FollowTiming {
  /** First wait before a reconnection; doubles up to `mostRetryMs`. */
  retryMs: number;
  mostRetryMs: number;
  /** Silence after which the connection counts as dead. labd sends a heartbeat every 15 s. */
  silenceMs: number;
  /** How long labd may be away before the follower gives up. */
  awayMs: number;
}

const TIMING: FollowTiming = { retryMs: 500, mostRetryMs: 5000, silenceMs: 45_000, awayMs: 15 * 60_000 };
/** One event: a line is at most 8 KiB before escaping, a failure 50 of them. */
const MOST_EVENT_CHARACTERS = 4 * 1024 * 1024;

/**
 * The events of an install until it has ended and everything was sent. A lost connection is taken up again from the last event
 * seen, without a word and without repeats. Raises what the first connection raises, and {@link ConnectionError} once labd was
 * away for too long.
 */
export async function* followInstall(
  client: LabClient,
  ref: string,
  options: FollowOptions,
): AsyncGenerator<FollowEvent> {
  const timing = { ...TIMING, ...options.timing };
  const seen = new Repeats();
  let lastEventId: string | undefined;
  let lastContact = Date.now();
  let failures = 0;
  let everConnected = false;

  for (;;) {
    try {
      const answer = await client.followLogs(ref, options, { lastEventId, signal: options.signal });
      everConnected = true;
      for await (const batch of eventBatches(answer, timing.silenceMs)) {
        lastContact = Date.now();
        failures = 0;
        lastEventId = batch.lastEventId ?? lastEventId;
        for (const event of batch.events) if (seen.isNew(event)) yield event;
      }
      if (seen.ended) return;
    } catch (error) {
      if (options.signal.aborted) throw error;
      if (!everConnected || !isPassing(error) || Date.now() - lastContact > timing.awayMs) throw error;
    }
    const wait = Math.min(timing.retryMs * 2 ** failures, timing.mostRetryMs);
    failures = Math.min(failures + 1, 10);
    await sleep(wait * (0.75 + Math.random() * 0.5), undefined, { signal: options.signal });
  }
}

/** labd restarts or its database is away: it will be back. Anything else (the server was forgotten, say) is final. */
const isPassing = (error: unknown): boolean =>
  error instanceof ConnectionError ||
  (error instanceof LabError &&
    ['not-ready', 'database-unavailable', 'timed-out', 'too-many-requests'].includes(error.code));

/** Knows what was yielded before, for labd sends the state anew on each connection. */
class Repeats {
  #lastLine = 0;
  #state = '';
  readonly #stages = new Map<string, string>();
  /** A final state was among the events. */
  ended = false;

  isNew(event: FollowEvent): boolean {
    if (event.type === 'log') {
      if (event.line.number <= this.#lastLine) return false;
      this.#lastLine = event.line.number;
      return true;
    }
    if (event.type === 'stage') {
      const text = JSON.stringify(event.stage);
      if (this.#stages.get(event.stage.name) === text) return false;
      this.#stages.set(event.stage.name, text);
      return true;
    }
    this.ended = !isActive(event.state);
    const text = JSON.stringify(event);
    if (this.#state === text) return false;
    this.#state = text;
    return true;
  }
}

interface Batch {
  events: FollowEvent[];
  lastEventId: string | undefined;
}

/** What each chunk of the stream completes. Raises ConnectionError when the stream breaks or falls silent. */
async function* eventBatches(answer: IncomingMessage, silenceMs: number): AsyncGenerator<Batch> {
  let batch: Batch = { events: [], lastEventId: undefined };
  const parser = createParser({
    maxBufferSize: MOST_EVENT_CHARACTERS,
    onEvent: (message) => {
      const event = followEvent(message.event, message.data);
      if (event !== undefined) batch.events.push(event);
      batch.lastEventId = message.id ?? batch.lastEventId;
    },
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') answer.destroy(error);
    },
  });
  const decoder = new TextDecoder();
  const silence = setTimeout(() => answer.destroy(new Error('silence')), silenceMs);
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      silence.refresh();
      parser.feed(decoder.decode(chunk, { stream: true }));
      const complete = batch;
      batch = { events: [], lastEventId: complete.lastEventId };
      yield complete;
    }
  } catch (error) {
    throw new ConnectionError('cut', 'the connection to labd was cut', 'Try again.', error);
  } finally {
    clearTimeout(silence);
    answer.destroy();
  }
}
