let critical = 0;
let waiting: (() => void) | undefined;

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

/** Does this now, or as soon as the critical work is done; asked for a second time, at once. */
export function whenInterruptible(end: () => void): void {
  if (critical === 0 || waiting !== undefined) end();
  else waiting = end;
}
