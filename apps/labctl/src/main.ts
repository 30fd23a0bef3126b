import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '@oclif/core/run';
import {
  EXIT,
  cliEnvironment,
  errorReport,
  exitCodeOf,
  fileSettings,
  processTerminal,
  whenInterruptible,
} from '@lab/cli-kit';
import { commandFirst, hasFlag, withDryRunValue } from './argv.js';
import { fromOclif, isUnknownCommand } from './oclif-errors.js';
import type { Commands } from './oclif-errors.js';
import { programFor, runProgram } from './path-plugins.js';
import { versionText } from './version-text.js';

/** Runs labctl with these arguments. `root` is the folder of the bundle: its package.json and oclif's manifest. */
export async function main(argv: readonly string[], root: string): Promise<void> {
  guardStreams();
  process.on('SIGINT', () => {
    whenInterruptible(() => process.exit(EXIT.interrupted));
  });
  const args = withDryRunValue(commandFirst(argv));
  const debug = hasFlag(args, '--debug');
  // A reader of an old Node's warnings learns nothing that labctl's user can act on.
  if (!debug) process.removeAllListeners('warning');

  if (args[0] === '--version' || args[0] === '-V') {
    process.stdout.write(`${versionText(packageVersion(root))}\n`);
    return;
  }
  try {
    await run(args, { root });
  } catch (error) {
    const program = isUnknownCommand(error) ? programFor(args, cliEnvironment().path) : undefined;
    try {
      if (program === undefined) throw error;
      process.exitCode = await runProgram(program);
    } catch (failure) {
      process.exitCode = await report(failure, root, args, debug);
    }
  }
}

async function report(
  error: unknown,
  root: string,
  argv: readonly string[],
  debug: boolean,
): Promise<number> {
  const own = fromOclif(error, commandsOf(root), argv);
  if (own !== undefined && 'exit' in own) return own.exit;
  const shown = own ?? error;
  const code = exitCodeOf(shown);
  if (code === EXIT.interrupted) return code;
  const environment = cliEnvironment();
  const isPlain = hasFlag(argv, '--no-color') || (await fileSettings(environment)).get('color') === 'never';
  const terminal = processTerminal(environment, isPlain);
  terminal.note(errorReport(shown, { debug, colour: terminal.colour }));
  return code;
}

/** `| head` closes the pipe: nobody reads any more, so there is nothing to say. A full disk is an error. */
function guardStreams(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.done);
    process.stderr.write(`error: the output can't be written: ${error.message}\n`);
    process.exit(EXIT.failed);
  });
  process.stderr.on('error', () => process.exit(EXIT.failed));
}

function commandsOf(root: string): Commands {
  try {
    const { commands } = JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8')) as {
      commands: Record<string, { flags: object }>;
    };
    const entries = Object.entries(commands);
    return new Map(entries.map(([id, { flags }]) => [id.replaceAll(':', ' '), Object.keys(flags)]));
  } catch {
    return new Map();
  }
}

function packageVersion(root: string): string {
  const read: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return typeof read === 'object' && read !== null && 'version' in read ? String(read.version) : 'unknown';
}
