import { CliError, EXIT, usageError } from '../cli-error.js';
import { oneLine } from '../output/neutralise.js';
import { ask } from './prompt.js';
import type { Terminal } from './terminal.js';

export interface Confirmation {
  /** What is about to be destroyed, one sentence. */
  warning: string;
  /** The name that has to be given. */
  name: string;
  /** What `--confirm` said. */
  given: string | undefined;
}

/** Refuses at once where no person can be asked and `--confirm` is missing (exit 2). */
export function requireWayToConfirm(terminal: Terminal, given: string | undefined): void {
  if (given === undefined && !terminal.interactive) {
    throw usageError('this destroys data and was not confirmed', 'Add --confirm NAME, with its name.');
  }
}

/** Goes on only if the name was given with `--confirm` or is typed now (exit 2 otherwise). */
export async function confirm(terminal: Terminal, confirmation: Confirmation): Promise<void> {
  const name = oneLine(confirmation.name);
  if (confirmation.given !== undefined) {
    if (confirmation.given === confirmation.name) return;
    throw usageError(
      `--confirm says "${oneLine(confirmation.given)}", but the name is "${name}"`,
      'Nothing was done. Look at which one you mean.',
    );
  }
  requireWayToConfirm(terminal, undefined);
  terminal.note(`${oneLine(confirmation.warning)}\n`);
  const typed = await ask(`Type the name "${name}" to go on: `);
  if (typed.trim() !== confirmation.name) {
    throw new CliError('invalid', 'the name was not confirmed; nothing was done', { exitCode: EXIT.usage });
  }
}
