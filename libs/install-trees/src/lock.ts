import { readFileSync } from 'node:fs';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { LabError } from '@lab/domain';
import { codeOf } from './disk-error.js';

/** The process and when it started (proc(5), field 22), so that a later process with its number isn't taken for it. */
function processMark(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''}`;
  } catch {
    return undefined;
  }
}

/** Runs work while no other labctl does, as far as it takes the same lock. One that was killed leaves a lock that counts no more. */
export async function locked<T>(path: string, what: string, work: () => Promise<T>): Promise<T> {
  const mine = `${path}.${process.pid}`;
  await writeFile(mine, processMark(process.pid) ?? String(process.pid));
  try {
    for (let attempt = 0; ; attempt += 1) {
      try {
        await link(mine, path);
        break;
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw error;
      }
      const holder = await readFile(path, 'utf8').catch(() => '');
      const pid = Number(holder.split(' ')[0]);
      if (attempt > 5 || (holder !== '' && processMark(pid) === holder)) {
        throw new LabError('in-use', `Another labctl (process ${pid}) works on ${what}`, {
          hint: 'Wait until it is done, or end it first.',
        });
      }
      await rename(path, `${mine}.stale`).catch(() => undefined);
      await rm(`${mine}.stale`, { force: true });
    }
  } finally {
    await rm(mine, { force: true });
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}
