import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { LabError } from '@lab/domain';
import { oneLine } from '../output/neutralise.js';

let critical = 0;
let waiting: (() => void) | undefined;
let children = 0;

/**
 * Runs work that Ctrl-C must not cut in two, such as a renewal of the session: labd has given a new token, and only the file can
 * keep it.
 */
export async function uninterrupted<T>(work: () => Promise<T>): Promise<T> {
  critical += 1;
  try {
    return await work();
  } finally {
    critical -= 1;
    if (critical === 0) waiting?.();
  }
}

/**
 * Exit code of a program that has the terminal, as a shell gives it (128 and the signal's number). Until it ends Ctrl-C is its own
 * affair: it stops a search in a pager, and must not leave an editor behind. Raises `environment` where it can't be run.
 */
export async function exitCodeOfChild(child: ChildProcess): Promise<number> {
  children += 1;
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', (cause) => {
        reject(
          new LabError('environment', `${oneLine(child.spawnfile)} can't be run`, {
            hint: 'Check that it may be executed, and that the program which its first line (#!) names is there.',
            cause,
          }),
        );
      });
      child.once('close', (code, signal) => {
        resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
      });
    });
  } finally {
    children -= 1;
  }
}

/** Does this now, or as soon as the critical work is done; asked for a second time, at once. Not at all while a child has the terminal. */
export function whenInterruptible(end: () => void): void {
  if (children > 0) return;
  if (critical === 0 || waiting !== undefined) end();
  else waiting = end;
}
