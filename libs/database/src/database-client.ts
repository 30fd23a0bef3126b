import pg from 'pg';
import { asDatabaseError } from './database-errors.js';

/** Works with one connection and no client of Prisma: for what reads or writes a whole database. Nothing is half done. */
export async function withClient<T>(
  url: string,
  applicationName: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    application_name: applicationName,
  });
  client.on('error', () => {
    // The connection broke; the query that runs says so itself.
  });
  try {
    await client.connect();
    return await work(client);
  } catch (error) {
    throw asDatabaseError(error, url) ?? error;
  } finally {
    // Ends what is open: nothing is half restored.
    await client.end().catch(() => undefined);
  }
}
