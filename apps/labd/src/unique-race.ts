import { isUniqueViolation } from '@lab/database';

const ATTEMPTS = 4;

/**
 * Runs a transaction again when a unique index refused what its own check had found free: another one committed in between.
 * PostgreSQL may say so where a serialization failure is meant (its documentation, "Serializable Isolation Level"). The
 * check then sees the other's row and tells the caller properly.
 */
export async function retryUniqueRace<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (attempt >= ATTEMPTS || !isUniqueViolation(error)) throw error;
    }
  }
}
