import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createParser } from 'eventsource-parser';
import { LabError } from '@lab/domain';
import type { PrintedKind } from '@lab/domain';
import { CliError } from '../cli-error.js';
import { ConnectionError } from '../api/connection-error.js';
import type { LabClient } from '../api/lab-client.js';
import { problemError } from '../api/problem.js';

/** A resource that came, changed or went. */
export interface Change {
  type: 'added' | 'modified' | 'deleted';
  kind: string;
  object: unknown;
}

export interface WatchOptions {
  kinds: readonly PrintedKind[];
  /** What labd narrows the watch by: `labelSelector`, `cloud`, `environment`, `name`. */
  query: Readonly<Record<string, string | undefined>>;
  /** Called once, when changes from now on are sure to be told: list then, and nothing is missed. */
  ready: () => Promise<void>;
}

const FIRST_RETRY_MS = 500;
const MOST_RETRY_MS = 5_000;
/** labd sends a heartbeat every 15 s. */
const SILENCE_MS = 45_000;
const AWAY_MS = 15 * 60_000;

/**
 * Changes as they happen, for ever. A connection that is lost is taken up from the last event, without a word. Raises what the first
 * connection raises; and ConnectionError when labd was away for too long.
 */
export async function* watchResources(client: LabClient, options: WatchOptions): AsyncGenerator<Change> {
  let cursor: string | undefined;
  let isReady = false;
  let lastContact = Date.now();
  let retryMs = FIRST_RETRY_MS;
  for (;;) {
    try {
      const query = { ...options.query, kinds: options.kinds.map(({ kind }) => kind).join(',') };
      const answer = await client.openWatch(query, cursor);
      for await (const events of eventsOf(answer)) {
        lastContact = Date.now();
        retryMs = FIRST_RETRY_MS;
        for (const { event, id, data } of events) {
          if (event === 'error') throw problemError(0, data);
          const message = JSON.parse(data) as Change & { cursor?: string };
          cursor = id ?? message.cursor ?? cursor;
          if (event === 'ready') {
            if (!isReady) await options.ready();
            isReady = true;
          } else if (event === 'added' || event === 'modified' || event === 'deleted') {
            yield { ...message, type: event };
          }
        }
      }
    } catch (error) {
      const passing = error instanceof ConnectionError || isPassing(error);
      if (!isReady || !passing || Date.now() - lastContact > AWAY_MS) throw error;
    }
    await sleep(retryMs * (0.75 + Math.random() * 0.5));
    retryMs = Math.min(retryMs * 2, MOST_RETRY_MS);
  }
}

/** labd restarts, or the access token ran out and is renewed: it goes on. A session that is over is a CliError. */
const isPassing = (error: unknown): boolean =>
  error instanceof LabError && !(error instanceof CliError) && PASSING.has(error.code);

const PASSING: ReadonlySet<string> = new Set([
  'not-ready',
  'database-unavailable',
  'timed-out',
  'too-many-requests',
  'not-logged-in',
]);

interface WatchEvent {
  event: string | undefined;
  id: string | undefined;
  data: string;
}

async function* eventsOf(answer: IncomingMessage): AsyncGenerator<WatchEvent[]> {
  let events: WatchEvent[] = [];
  const parser = createParser({
    maxBufferSize: 16 * 1024 * 1024,
    onEvent: ({ event, id, data }) => events.push({ event, id, data }),
  });
  const decoder = new TextDecoder();
  const silence = setTimeout(() => answer.destroy(new Error('silence')), SILENCE_MS);
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      silence.refresh();
      parser.feed(decoder.decode(chunk, { stream: true }));
      const complete = events;
      events = [];
      yield complete;
    }
  } catch (error) {
    throw error instanceof LabError
      ? error
      : new ConnectionError('cut', 'the connection to labd was cut', 'Try again.', error);
  } finally {
    clearTimeout(silence);
    answer.destroy();
  }
}
