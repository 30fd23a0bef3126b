import { spawn } from 'node:child_process';
import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { exitCodeOfChild } from '@lab/cli-kit';

const PREFIX = 'labctl-';

/** A program that is a command: `labctl-rack-power` is `rack power`. */
export interface PathPlugin {
  name: string;
  path: string;
}

/** The programs on PATH that are commands, by name; of two with one name the first counts, as in a shell. */
export function programsOnPath(path: string): PathPlugin[] {
  const found = new Map<string, string>();
  for (const folder of folders(path)) {
    for (const file of filesIn(folder)) {
      const name = file.startsWith(PREFIX) ? file.slice(PREFIX.length).replaceAll('-', ' ') : '';
      if (name !== '' && !found.has(name) && isProgram(join(folder, file)))
        found.set(name, join(folder, file));
    }
  }
  return [...found].map(([name, file]) => ({ name, path: file })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The program that these arguments mean, the longest name first, with the arguments that are left for it. */
export function programFor(
  args: readonly string[],
  path: string,
): { path: string; args: readonly string[] } | undefined {
  const flag = args.findIndex((arg) => arg.startsWith('-'));
  const words = args.slice(0, flag < 0 ? args.length : flag);
  if (!words.every((word) => /^[\w.-]+$/.test(word))) return undefined;
  for (let count = words.length; count > 0; count--) {
    const file = PREFIX + words.slice(0, count).join('-');
    const folder = folders(path).find((each) => isProgram(join(each, file)));
    if (folder !== undefined) return { path: join(folder, file), args: args.slice(count) };
  }
  return undefined;
}

/** Runs it in labctl's place; answers its exit code. */
export function runProgram(program: { path: string; args: readonly string[] }): Promise<number> {
  const child = spawn(program.path, program.args, { stdio: 'inherit' });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return exitCodeOfChild(child);
}

/** Relative folders don't count: what a command does must not depend on where one stands. */
const folders = (path: string): string[] => path.split(delimiter).filter((folder) => isAbsolute(folder));

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
