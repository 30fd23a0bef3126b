import { isSerializationFailure } from './database-errors.js';

export interface RetryOptions {
  /** How often the work is tried at most. */
  attempts: number;
  /** In [0, 1): spreads the retries of transactions that met. */
  random: () => number;
  /** Waits so many milliseconds. */
  wait: (milliseconds: number) => Promise<void>;
}

const FIRST_PAUSE_MS = 4;
const LONGEST_PAUSE_MS = 250;

/**
 * Runs a transaction again when the database could not serialize it with others, after a pause that doubles and is
 * random within its bounds. Anything else, and the last failure, is thrown as it came.
 */
export async function retrySerializable<T>(run: () => Promise<T>, options: RetryOptions): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (attempt >= options.attempts || !isSerializationFailure(error)) throw error;
      const ceiling = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
      await options.wait(ceiling * options.random());
    }
  }
}
