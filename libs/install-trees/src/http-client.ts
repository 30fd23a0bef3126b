import { get as httpGet, type IncomingMessage } from 'node:http';
import { get as httpsGet } from 'node:https';
import { LabError, printable } from '@lab/domain';

const MAX_REDIRECTS = 10;

/** How long a server may say nothing: before its answer, and between two parts of it. */
export interface Patience {
  stalledMs: number;
}

export interface Answer {
  url: URL;
  status: number;
  message: IncomingMessage;
}

/** A server that didn't answer, or stopped in the middle: worth another try. */
export class Unreachable extends LabError {}

/**
 * Asks for a file, and follows redirects (mirror lists work that way), but never from https to http. The body is as the server
 * has it: nothing is unpacked on the way, since checksums are of the file. Raises {@link Unreachable}, or `invalid`.
 */
export async function open(
  from: URL,
  headers: Readonly<Record<string, string>>,
  patience: Patience,
  signal: AbortSignal,
): Promise<Answer> {
  let url = from;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const message = await request(url, headers, patience, signal);
    const status = message.statusCode ?? 0;
    const { location } = message.headers;
    if (![301, 302, 303, 307, 308].includes(status) || location === undefined)
      return { url, status, message };
    message.destroy();
    url = redirected(url, location);
  }
  throw new LabError(
    'invalid',
    `${from.href} leads from one address to the next, more than ${MAX_REDIRECTS} times`,
    {
      hint: 'The mirror is misconfigured: take another one with --from.',
    },
  );
}

function redirected(url: URL, location: string): URL {
  const next = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
  if (next !== undefined && (next.protocol === 'https:' || next.protocol === url.protocol)) return next;
  throw new LabError('invalid', `${url.href} leads to ${printable(location)}, which is not followed`, {
    hint: 'Only http and https addresses are, and never from https to http. Take another mirror with --from.',
  });
}

function request(
  url: URL,
  headers: Readonly<Record<string, string>>,
  { stalledMs }: Patience,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const get = url.protocol === 'https:' ? httpsGet : httpGet;
  return new Promise((resolve, reject) => {
    const asked = get(
      url,
      { headers: { 'user-agent': 'labctl', 'accept-encoding': 'identity', ...headers }, signal },
      resolve,
    );
    const stalled = new Unreachable('timed-out', `${url.host} says nothing for ${stalledMs / 1000} s`, {
      hint: 'Try again later: what is there already stays. Or take another mirror with --from.',
    });
    // Also while the body comes: the socket is silent then.
    asked.setTimeout(stalledMs, () => asked.destroy(stalled));
    asked.on('error', (error) => reject(signal.aborted ? error : unreachable(url, error)));
  });
}

/** Why a server can't be reached, in words. */
export function unreachable(url: URL, error: unknown): LabError {
  if (error instanceof LabError) return error;
  const why = messageOf(error);
  return new Unreachable(
    'environment',
    `${printable(url.host)} can't be reached, or broke off: ${printable(why)}`,
    {
      hint: 'Check the address and the network of this machine (a proxy: HTTPS_PROXY with NODE_USE_ENV_PROXY=1), then repeat: what is there already stays.',
      cause: error,
    },
  );
}

/** By shape: an error of another realm is no instance of our Error. */
const messageOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error && String(error.message) !== ''
    ? String(error.message)
    : 'unknown error';
