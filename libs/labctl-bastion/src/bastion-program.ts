import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LabError, programOnPath } from '@lab/cli-kit';

/** How a program of ours is started. */
export interface OwnProgram {
  command: string;
  args: readonly string[];
}

/** `bastion` or `labd` of the PATH, else the one of the checkout that this labctl was built in, else of a folder beside labctl's (docs/operations.md). `root` is the folder of labctl's bundle. */
export function ownProgram(name: 'bastion' | 'labd', path: string, root: string): OwnProgram {
  const installed = programOnPath(name, path);
  if (installed !== undefined) return { command: installed, args: [] };
  const places = [join(root, '../../..', name, 'bin'), join(root, '..', name, 'apps', name, 'bin')];
  const built = places.map((place) => join(place, `${name}.js`)).find((file) => existsSync(file));
  if (built !== undefined) return { command: process.execPath, args: [built] };
  throw new LabError('environment', `the program ${name} is not installed`, {
    hint: 'Put it on the PATH, or run labctl from a checkout.',
  });
}

export const bastionProgram = (path: string, root: string): OwnProgram => ownProgram('bastion', path, root);
