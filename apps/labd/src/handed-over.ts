import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError, printable } from '@lab/domain';
import { codeOf } from './system-error.js';

/** Says in a data folder that another labd has, or is about to have, what is in it. labctl bastion join writes it. */
export const HANDED_OVER_FILE = 'handed-over.json';

/** Two authorities for one site would tell its machines different things. Raises `environment`. */
export async function refuseHandedOver(dataDir: string): Promise<void> {
  const path = join(dataDir, HANDED_OVER_FILE);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  // Half a file says it as well.
  const to = /"to": ?"([^"]{1,300})"/.exec(text)?.[1];
  const isDone = text.includes('"done"');
  throw new LabError(
    'environment',
    `what is in ${dataDir} ${isDone ? 'was' : 'is being'} handed over to ${to === undefined ? 'another labd' : printable(to)}`,
    {
      hint: isDone
        ? 'Ask that labd. The old one can be read with labd backup; it must not run beside the new one.'
        : 'Run labctl bastion join again: it goes on where it was.',
    },
  );
}
