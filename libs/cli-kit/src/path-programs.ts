import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** The folders of PATH. Relative ones don't count: what a command does must not depend on where one stands. */
export const pathFolders = (path: string): string[] =>
  path.split(delimiter).filter((folder) => isAbsolute(folder));

/** The program of that name that a shell would run; undefined if there is none. */
export const programOnPath = (name: string, path: string): string | undefined =>
  pathFolders(path)
    .map((folder) => join(folder, name))
    .find(isProgram);

/** A file that may be run. */
export function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
