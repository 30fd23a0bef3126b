import 'reflect-metadata';
import { LabError } from '@lab/domain';
import { loadConfig } from './config.js';
import { startBastion } from './start-bastion.js';

/** The program: starts a bastion from the environment, and ends it on SIGINT and SIGTERM. */
export async function run(): Promise<void> {
  try {
    const bastion = await startBastion(loadConfig());
    const stop = (): void => {
      // A second signal while ending is impatience.
      process.once('SIGINT', () => process.exit(130));
      void bastion.stop().then(() => process.exit(0));
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
  } catch (error) {
    process.stderr.write(explain(error));
    process.exit(1);
  }
}

/** What is wrong and what to do about it; a stack only for what nobody foresaw. */
function explain(error: unknown): string {
  if (!(error instanceof LabError)) {
    return `bastion: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`;
  }
  return `bastion: ${error.message}${error.hint === undefined ? '' : `. hint: ${error.hint}`}\n`;
}
