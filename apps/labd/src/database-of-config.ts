import { join } from 'node:path';
import { runningEmbeddedPostgres, startEmbeddedPostgres } from '@lab/database';
import type { Config } from './config.js';
import { makeDataDir } from './start.js';

/** Works on the database that labd would: the one named, the embedded one of a labd that runs, or that one started for it. */
export async function withDatabase<T>(config: Config, work: (url: string) => Promise<T>): Promise<T> {
  if (config.databaseUrl !== undefined) return work(config.databaseUrl);
  const dataDir = join(config.dataDir, 'postgres');
  const running = await runningEmbeddedPostgres(dataDir);
  if (running !== undefined) return work(running);
  await makeDataDir(config.dataDir);
  const postgres = await startEmbeddedPostgres({ dataDir });
  try {
    return await work(postgres.url);
  } finally {
    await postgres.stop();
  }
}
