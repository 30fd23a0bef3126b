import { setTimeout as delay } from 'node:timers/promises';
import { LabError } from '@lab/domain';
import type { Program } from './program.js';

export interface SupervisorOptions {
  /** Starts the program; resolved when it is ready. */
  start: () => Promise<Program>;
  /** Tells a person what happened. */
  say: (line: string) => void;
  signal: AbortSignal;
  /** In milliseconds; ends early when the signal is aborted. */
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** In milliseconds. */
  now?: () => number;
}

const FIRST_WAIT_MS = 1_000;
const LAST_WAIT_MS = 30_000;
/** One that ran for so long had started well: the next waits are short again. */
const STEADY_MS = 60_000;

/**
 * Starts a program again whenever it ends unasked, with waits that double from 1 to 30 s, until the signal is aborted. The other
 * programs go on meanwhile.
 */
export async function keepRunning(first: Program, options: SupervisorOptions): Promise<void> {
  const { start, say, signal, wait = pause, now = () => performance.now() } = options;
  let program: Program | undefined = first;
  let waitMs = FIRST_WAIT_MS;
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  const isAsked = (): boolean => signal.aborted;
  while (!isAsked()) {
    if (program !== undefined) {
      const since = now();
      const end = await Promise.race([program.exited, aborted]);
      if (end === undefined || isAsked()) return;
      if (now() - since > STEADY_MS) waitMs = FIRST_WAIT_MS;
      const how = end.signal === null ? `exit code ${end.code ?? 'unknown'}` : end.signal;
      say(
        `${program.name} ended unasked (${how}); its log is ${program.logFile}. It is started again in ${waitMs / 1000} s.`,
      );
    }
    await wait(waitMs, signal);
    if (isAsked()) return;
    waitMs = Math.min(LAST_WAIT_MS, waitMs * 2);
    program = await start().then(
      (started) => {
        say(`${started.name} runs again (process ${started.pid}).`);
        return started;
      },
      (error: unknown) => {
        if (!isAsked())
          say(`${first.name} did not start: ${reasonOf(error)} Next try in ${waitMs / 1000} s.`);
        return undefined;
      },
    );
  }
}

const reasonOf = (error: unknown): string =>
  error instanceof LabError && error.hint !== undefined
    ? `${error.message}. hint: ${error.hint}`
    : `${error instanceof Error ? error.message : String(error)}.`;

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  delay(ms, undefined, { signal }).catch(() => undefined);
