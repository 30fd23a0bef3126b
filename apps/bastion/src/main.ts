import 'reflect-metadata';
import { LabError } from '@lab/domain';
import { loadConfig } from './config.js';
import { profileList } from './assets/profile-list.js';

/**
 * The program: `bastion profiles` says which profiles there are, as JSON for labctl; `bastion doctor` looks whether
 * one could start here, or is well; without an argument it starts a bastion from the environment, and ends it on SIGINT and SIGTERM.
 */
export async function run(args: readonly string[] = process.argv.slice(2)): Promise<void> {
  if (args[0] === 'profiles') return printProfiles();
  if (args[0] === 'doctor') {
    const { runPreflight } = await import('./preflight/run-preflight.js');
    process.exitCode = await runPreflight();
    return;
  }
  // Asked for first: a signal that comes while it starts ends it in order, too.
  const toEnd = endAsked();
  try {
    // Only now: who asks for profiles alone shall not wait for Nest.
    const { startBastion } = await import('./start-bastion.js');
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

async function printProfiles(): Promise<void> {
  try {
    process.stdout.write(`${JSON.stringify(await profileList(loadConfig()))}\n`);
  } catch (error) {
    process.stderr.write(explain(error));
    process.exitCode = 1;
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
