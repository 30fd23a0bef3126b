import { isSerializationFailure, type TransactionClient } from '@lab/database';

/** Undoes only `work` when it fails, and leaves the transaction usable. A serialization failure ends the whole of it. */
export async function inSavepoint<T>(tx: TransactionClient, work: () => Promise<T>): Promise<T> {
  await tx.$executeRaw`SAVEPOINT document`;
  try {
    const result = await work();
    await tx.$executeRaw`RELEASE SAVEPOINT document`;
    return result;
  } catch (error) {
    if (isSerializationFailure(error)) throw error;
    await tx.$executeRaw`ROLLBACK TO SAVEPOINT document`;
    throw error;
  }
}
