import { readFile, readdir, symlink, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const LOOK_MS = 25;

/** Waits until the condition holds, for as long as the test may take. */
export async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await wait(LOOK_MS);
}

/** Of a process as proc(5) tells: its state, and what it and its children have used of the processor; undefined when it has ended. */
async function statOf(pid: number): Promise<{ state: string; used: string } | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => undefined);
  if (stat === undefined) return undefined;
  // Counted from the last parenthesis: 3 is the state, 14 to 17 are utime, stime, cutime and cstime.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state = ''] = fields;
  return state === 'Z' || state === 'X' ? undefined : { state, used: fields.slice(11, 15).join(' ') };
}

export const hasEnded = async (pid: number): Promise<boolean> => (await statOf(pid)) === undefined;

/**
 * Waits until the process sleeps and goes on sleeping: half a second in which it has used no processor. One that spins never
 * gets there.
 */
export async function rests(pid: number): Promise<void> {
  let quiet = 0;
  let last: string | undefined;
  await until(async () => {
    const stat = await statOf(pid);
    if (stat === undefined) throw new Error(`${pid} has ended`);
    quiet = stat.state === 'S' && stat.used === last ? quiet + 1 : 0;
    last = stat.used;
    return quiet >= 20;
  });
}

/** A folder for PATH with all programs of this machine but some. */
export async function programsBut(folder: string, left: readonly string[]): Promise<string> {
  await mkdir(folder);
  const taken = new Set(left);
  const path = (process.env['PATH'] ?? '').split(':').filter((from) => from.startsWith('/'));
  for (const from of ['/usr/sbin', '/usr/bin', '/sbin', '/bin', ...path]) {
    for (const name of await readdir(from).catch(() => [])) {
      if (taken.has(name)) continue;
      taken.add(name);
      await symlink(join(from, name), join(folder, name));
    }
  }
  return folder;
}
