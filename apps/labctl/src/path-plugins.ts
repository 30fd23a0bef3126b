import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { exitCodeOfChild, isProgram, pathFolders, programOnPath } from '@lab/cli-kit';

const PREFIX = 'labctl-';

/** A program that is a command: `labctl-rack-power` is `rack power`. */
export interface PathPlugin {
  name: string;
  path: string;
}

/** The programs on PATH that are commands, by name; of two with one name the first counts, as in a shell. */
export function programsOnPath(path: string): PathPlugin[] {
  const found = new Map<string, string>();
  for (const folder of pathFolders(path)) {
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
  // A flag, server/node1 or a path is an argument, and so is what follows it.
  const other = args.findIndex((arg) => !/^\w[\w.-]*$/.test(arg));
  const words = args.slice(0, other < 0 ? args.length : other);
  for (let count = words.length; count > 0; count--) {
    const program = programOnPath(PREFIX + words.slice(0, count).join('-'), path);
    if (program !== undefined) return { path: program, args: args.slice(count) };
  }
  return undefined;
}

/** Runs it in labctl's place; answers its exit code. */
export function runProgram(program: { path: string; args: readonly string[] }): Promise<number> {
  const child = spawn(program.path, program.args, { stdio: 'inherit' });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return exitCodeOfChild(child);
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
