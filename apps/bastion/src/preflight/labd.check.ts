import { printable } from '@lab/domain';
import { WebSocket } from 'ws';
import type { LabdConfig } from '../config.js';
import { Damage } from '../storage/damage.js';
import { keptCredential } from '../uplink/enrolment.js';
import { readFile } from 'node:fs/promises';
import { failed, ok, skipped, warning, type Finding } from './finding.js';

/** A preflight changes nothing: what is damaged stays where it is, for the bastion to set aside. */
export class Untouched extends Damage {
  override moveAside(path: string): Promise<string> {
    return Promise.resolve(path);
  }
}

/** How labd took the bastion's credential. */
export type CredentialFacts = 'accepted' | 'refused' | 'unknown' | 'none';

export interface LabdFacts {
  url: string;
  /** Why it doesn't answer; null: it does. */
  unreachable: string | null;
  /** This machine's clock minus labd's, in ms; null: it didn't say its time. */
  aheadMs: number | null;
  credential: CredentialFacts;
  /** What is in the way of the join token: the file's error; null: it can be read; undefined: no file is named. */
  joinToken: string | null | undefined;
}

const CLOCK_WARNING_MS = 5_000;
const CLOCK_ERROR_MS = 60_000;
const TIMEOUT_MS = 5_000;

export function judgeLabd(facts: LabdFacts): Finding[] {
  const { url, unreachable, aheadMs } = facts;
  if (unreachable !== null)
    return [
      failed(
        'labd',
        `labd at ${url} doesn't answer: ${unreachable}`,
        'Check LABD_URL, the route and the firewall there. Installs that run go on without it; new machines wait for it.',
      ),
      skipped('clock', 'not compared: labd is not reached'),
      ...(facts.credential === 'none' ? [judgeEnrolment(facts)] : []),
    ];
  return [ok('labd', `${url} answers`), ...judgeClock(aheadMs), judgeCredential(facts)];
}

/** HTTP tells the time in whole seconds, so less than a second is none. */
export function judgeClock(aheadMs: number | null): Finding[] {
  if (aheadMs === null) return [skipped('clock', "not compared: labd didn't say its time")];
  const off = Math.abs(aheadMs);
  if (off <= CLOCK_WARNING_MS) return [ok('clock', 'agrees with labd')];
  const message = `this machine's clock is ${spoken(off)} ${aheadMs > 0 ? 'ahead of' : 'behind'} labd's`;
  const fix = 'Set the clocks of both by NTP: timedatectl set-ntp true.';
  return [
    off > CLOCK_ERROR_MS
      ? failed(
          'clock',
          `${message}: tokens and certificates end too early or count too long, and logs are out of order`,
          fix,
        )
      : warning('clock', message, fix),
  ];
}

const spoken = (ms: number): string =>
  ms < 120_000
    ? `${Math.round(ms / 1000)} s`
    : ms < 7_200_000
      ? `${Math.round(ms / 60_000)} min`
      : `${Math.round(ms / 3_600_000)} h`;

function judgeCredential(facts: LabdFacts): Finding {
  switch (facts.credential) {
    case 'accepted':
      return ok('link', 'labd accepts this bastion');
    case 'refused':
      return failed(
        'link',
        "labd doesn't accept this bastion's credential: it was revoked, or the bastion was deleted",
        'Enrol it again: remove labd-credential.json from its folder, and put a new join token (labctl create token) into BASTION_JOIN_TOKEN_FILE.',
      );
    case 'unknown':
      return skipped('link', "whether labd accepts this bastion's credential couldn't be told");
    case 'none':
      return judgeEnrolment(facts);
  }
}

function judgeEnrolment({ joinToken, url }: LabdFacts): Finding {
  const fix =
    'Make a join token with labctl create token, and set BASTION_JOIN_TOKEN_FILE to a file with it.';
  if (joinToken === undefined)
    return failed('link', `this bastion is not enrolled with ${url}, and has no join token`, fix);
  if (joinToken !== null)
    return failed(
      'link',
      `this bastion is not enrolled with ${url}, and its join token can't be read: ${joinToken}`,
      fix,
    );
  return ok('link', 'not enrolled yet; there is a join token for the first start');
}

/** Looks at labd. With `link` it opens the link for an instant, as the bastion would: never while the bastion runs, whose link it would end. */
export async function labdFacts(labd: LabdConfig, folder: string, link: boolean): Promise<LabdFacts> {
  const kept = await keptCredential(folder, labd.url, new Untouched()).catch(() => undefined);
  const joinToken = labd.joinTokenFile === null ? undefined : await tokenProblem(labd.joinTokenFile);
  const answer = await dateOf(labd.url);
  const base = { url: labd.url, joinToken };
  if ('unreachable' in answer)
    return {
      ...base,
      unreachable: answer.unreachable,
      aheadMs: null,
      credential: kept === undefined ? 'none' : 'unknown',
    };
  const credential: CredentialFacts =
    kept === undefined ? 'none' : link ? await credentialAt(labd.url, kept.credential) : 'unknown';
  return { ...base, unreachable: null, aheadMs: answer.aheadMs, credential };
}

async function tokenProblem(file: string): Promise<string | null> {
  try {
    const text = await readFile(file, 'utf8');
    return text.trim() === '' ? `${printable(file)} is empty` : null;
  } catch (error) {
    return printable(error instanceof Error ? error.message : String(error));
  }
}

async function dateOf(url: string): Promise<{ unreachable: string } | { aheadMs: number | null }> {
  const before = Date.now();
  try {
    const response = await fetch(`${url}/healthz`, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'manual',
    });
    await response.body?.cancel();
    const after = Date.now();
    const said = Date.parse(response.headers.get('date') ?? '');
    if (response.status >= 300 && response.status < 400)
      return { unreachable: `it answers with a redirect (HTTP ${response.status})` };
    // A Date header is cut to the second: half a second more, on average.
    return { aheadMs: Number.isNaN(said) ? null : (before + after) / 2 - (said + 500) };
  } catch (error) {
    const cause: unknown = error instanceof Error ? (error.cause ?? error) : error;
    const text = cause instanceof Error ? cause.message || cause.name : String(cause);
    return { unreachable: printable(text) };
  }
}

function credentialAt(url: string, credential: string): Promise<CredentialFacts> {
  return new Promise((settle) => {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/api/v1/link`, {
      headers: { authorization: `Bearer ${credential}` },
      handshakeTimeout: TIMEOUT_MS,
      perMessageDeflate: false,
      followRedirects: false,
      maxPayload: 65_536,
    });
    socket.once('open', () => {
      settle('accepted');
      socket.terminate();
    });
    socket.on('error', () => settle('unknown'));
    socket.once('unexpected-response', (request, { statusCode }) => {
      settle(statusCode === 401 || statusCode === 403 ? 'refused' : 'unknown');
      request.destroy();
    });
  });
}
