import { randomUUID } from 'node:crypto';
import type { Clock } from '@lab/domain';
import {
  PAYLOADS,
  PROTOCOL_VERSION,
  envelope,
  isFactType,
  type Message,
  type MessageType,
  type PayloadOf,
} from './messages.js';

/** What became of a received frame. */
export type Decoded =
  | { outcome: 'message'; message: Message }
  /** A type of a later version: to be logged and ignored. */
  | { outcome: 'unknown'; type: string }
  /** To be answered with an `error` frame; `path` names the field. */
  | { outcome: 'invalid'; of: string | null; reason: string };

const isMessageType = (type: string): type is MessageType => Object.hasOwn(PAYLOADS, type);

/** Reads a frame of unknown origin: parsed once here, trusted inside. */
export function decode(frame: string): Decoded {
  let json: unknown;
  try {
    json = JSON.parse(frame);
  } catch {
    return { outcome: 'invalid', of: null, reason: 'the frame is not JSON' };
  }
  const outer = envelope.safeParse(json);
  if (!outer.success) return { outcome: 'invalid', of: null, reason: firstIssue(outer.error.issues) };
  const { type, id, seq, payload } = outer.data;
  if (!isMessageType(type)) return { outcome: 'unknown', type };
  const inner = PAYLOADS[type].safeParse(payload);
  if (!inner.success)
    return { outcome: 'invalid', of: id, reason: firstIssue(inner.error.issues, 'payload') };
  if (isFactType(type) !== (seq !== undefined)) {
    return {
      outcome: 'invalid',
      of: id,
      reason: `seq: ${seq === undefined ? 'missing on a fact' : 'only facts have one'}`,
    };
  }
  // The payload was parsed by the schema of exactly this type.
  return { outcome: 'message', message: { ...outer.data, payload: inner.data } as Message };
}

/** Writes a frame. */
export function encode<T extends MessageType>(
  type: T,
  payload: PayloadOf<T>,
  clock: Clock,
  seq?: number,
): string {
  return JSON.stringify({
    v: PROTOCOL_VERSION,
    type,
    id: randomUUID(),
    ...(seq !== undefined && { seq }),
    ts: new Date(clock.now()).toISOString(),
    payload,
  });
}

function firstIssue(issues: readonly { path: PropertyKey[]; message: string }[], prefix?: string): string {
  const issue = issues[0];
  if (issue === undefined) return 'invalid';
  const path = [...(prefix === undefined ? [] : [prefix]), ...issue.path.map(String)].join('.');
  return `${path === '' ? 'frame' : path}: ${issue.message}`.slice(0, 500);
}
