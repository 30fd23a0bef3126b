import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LabError, programOnPath } from '@lab/cli-kit';

/** How the bastion is started. */
export interface BastionProgram {
  command: string;
  args: readonly string[];
}

/** `bastion` of the PATH, else the one of the checkout that this labctl was built in. `root` is the folder of labctl's bundle. */
export function bastionProgram(path: string, root: string): BastionProgram {
  const installed = programOnPath('bastion', path);
  if (installed !== undefined) return { command: installed, args: [] };
  const built = join(root, '../../../bastion/bin/bastion.js');
  if (existsSync(built)) return { command: process.execPath, args: [built] };
  throw new LabError('environment', 'the program bastion is not installed', {
    hint: 'Put it on the PATH, or run labctl from a checkout.',
  });
}
