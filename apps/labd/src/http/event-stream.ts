import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A reader that takes nothing for so long, heartbeats included, is gone. */
const STALLED_AFTER_MS = 60_000;

/**
 * Answers with server-sent events until `events` or the connection ends, or `shutdown` is aborted. Pulled: a slow reader
 * slows `events` down, and nothing piles up.
 */
export async function sendEventStream(
  request: FastifyRequest,
  reply: FastifyReply,
  shutdown: AbortSignal,
  events: (signal: AbortSignal) => AsyncGenerator<string>,
): Promise<void> {
  const closed = new AbortController();
  reply.raw.once('close', () => {
    closed.abort();
    request.raw.socket.setTimeout(0);
  });
  request.raw.socket.setTimeout(STALLED_AFTER_MS);
  const stream = Readable.from(events(AbortSignal.any([closed.signal, shutdown])), { highWaterMark: 2 });
  await reply
    .header('content-type', 'text/event-stream; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('x-accel-buffering', 'no')
    .send(stream);
}
