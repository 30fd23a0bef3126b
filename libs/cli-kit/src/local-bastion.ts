import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { CliEnvironment } from './config.js';
import { usageError } from './cli-error.js';
import { oneLine } from './output/neutralise.js';

/** Where a bastion keeps its state if nobody says otherwise. */
export const DEFAULT_BASTION_DIR = '/tmp/lab-bastion';
/** Folders of the systemd units. */
const UNIT_DIRS = ['/var/lib/lab/bastion', '/var/lib/lab-bastion'] as const;

/** What a bastion that runs has written of itself. */
export interface RunningBastion {
  pid: number;
  /** Where it answers on this machine. */
  url: string;
}

/** Whether there is a process of that number. */
export function isProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The bastion of a folder, if it runs. One that was killed has left its file behind, and no process. */
export async function runningBastion(folder: string): Promise<RunningBastion | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(join(folder, 'running.json'), 'utf8'));
    if (typeof value !== 'object' || value === null) return undefined;
    const { pid, url } = value as Partial<RunningBastion>;
    if (typeof pid !== 'number' || typeof url !== 'string' || !isProcess(pid)) return undefined;
    // Another program may have its number by now.
    const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8');
    return commandLine.includes('bastion') ? { pid, url } : undefined;
  } catch {
    return undefined;
  }
}

/** Folders in which a bastion of this machine may run: that of `npm start`, those of the units. */
function usualFolders({ labHome, dataHome, home }: CliEnvironment): string[] {
  const data = dataHome ?? (home === undefined ? undefined : join(home, '.local/share'));
  const byDefault = process.getuid?.() === 0 || data === undefined ? '/var/lib/lab' : join(data, 'lab');
  return [...new Set([DEFAULT_BASTION_DIR, join(resolve(labHome ?? byDefault), 'bastion'), ...UNIT_DIRS])];
}

/**
 * The folder that is meant by a command which looks at a bastion: what the flag or BASTION_DIR says; else that of the one that runs on
 * this machine, also by `npm start`; else the default. Raises a usage error if several run.
 */
export async function bastionFolderInUse(
  flag: string | undefined,
  environment: CliEnvironment,
): Promise<string> {
  const said = flag ?? environment.bastionDir;
  if (said !== undefined) return resolve(said);
  const folders = usualFolders(environment);
  const running = await Promise.all(folders.map((folder) => runningBastion(folder)));
  const inUse = folders.filter((_, at) => running[at] !== undefined);
  if (inUse.length <= 1) return inUse[0] ?? DEFAULT_BASTION_DIR;
  throw usageError(
    `several bastions run on this machine: ${inUse.map(oneLine).join(', ')}`,
    'Say which one is meant: --dir FOLDER, or BASTION_DIR.',
  );
}
