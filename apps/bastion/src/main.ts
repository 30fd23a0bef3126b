import 'reflect-metadata';
import { LabError } from '@lab/domain';
import { loadConfig } from './config.js';
import { runPreflight } from './preflight/run-preflight.js';
import { startBastion } from './start-bastion.js';

/** The program: starts a bastion from the environment, and ends it on SIGINT and SIGTERM. `doctor` looks whether it could. */
export async function run(args: readonly string[] = process.argv.slice(2)): Promise<void> {
  if (args[0] === 'doctor') {
    process.exitCode = await runPreflight();
    return;
  }
  // Asked for first: a signal that comes while it starts ends it in order, too.
  const toEnd = endAsked();
  try {
    const bastion = await startBastion(loadConfig());
    await toEnd;
    // A second signal while ending is impatience.
    process.once('SIGINT', () => process.exit(130));
    await bastion.stop();
    process.exit(0);
  } catch (error) {
    process.stderr.write(explain(error));
    process.exit(1);
  }
}

function endAsked(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
}

/** What is wrong and what to do about it; a stack only for what nobody foresaw. */
function explain(error: unknown): string {
  if (!(error instanceof LabError)) {
    return `bastion: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`;
  }
  return `bastion: ${error.message}${error.hint === undefined ? '' : `. hint: ${error.hint}`}\n`;
}
