import * as Flags from '@oclif/core/flags';
import { usageError } from '@lab/cli-kit';

/** `-f` and `-R`, as every command that reads documents has them. */
export const fileFlags = {
  filename: Flags.string({
    char: 'f',
    description: 'file or folder with YAML or JSON documents, - for standard input; may be given again',
    helpValue: 'FILE|DIR|-',
    multiple: true,
    multipleNonGreedy: true,
  }),
  recursive: Flags.boolean({ char: 'R', description: 'with a folder, also those below it' }),
};

export const dryRunFlag = Flags.string({
  description: 'labd checks everything and changes nothing; alone it means server',
  helpValue: 'none|server',
  default: 'none',
});

/** Whether nothing is to be changed. */
export function isDryRun(value: string): boolean {
  if (value === 'none' || value === 'server') return value === 'server';
  throw usageError(
    `--dry-run=${value}: there is no such mode`,
    'Write --dry-run=server; labctl has no rules of its own that it could check by.',
  );
}

/** What a change is called that was only tried. */
export const tried = (change: string, dryRun: boolean): string =>
  dryRun ? `${change} (server dry run)` : change;
