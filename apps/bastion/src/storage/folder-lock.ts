import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '@lab/domain';
import { z } from 'zod';
import { codeOf, folderError, isMissing } from './storage-error.js';

const holder = z.object({ pid: z.number().int(), startedAt: z.string() });
type Holder = z.infer<typeof holder>;

/** Kernel's start time of a process with the boot it belongs to: tells a process from a later one with the same PID. */
function startOf(pid: number): string | undefined {
  try {
    // proc(5): field 22 is the start time in ticks; the name in field 2 may hold anything up to the last parenthesis.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return ticks === undefined ? undefined : `${boot}/${ticks}`;
  } catch {
    return undefined;
  }
}

function isAlive({ pid, startedAt }: Holder): boolean {
  const start = startOf(pid);
  if (start !== undefined) return start === startedAt;
  if (startedAt !== '') return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** Keeps a second bastion out of a data folder. Left behind by a killed one, the lock is taken over. */
export class FolderLock {
  private constructor(private readonly path: string) {}

  static async take(folder: string): Promise<FolderLock> {
    const path = join(folder, 'lock');
    const mine = `${path}.${randomBytes(6).toString('hex')}`;
    try {
      const me: Holder = { pid: process.pid, startedAt: startOf(process.pid) ?? '' };
      await writeFile(mine, JSON.stringify(me), { flag: 'wx', mode: 0o600 });
      // link(2) fails if the name is taken, and the file has its text from the first moment on.
      for (let attempt = 0; attempt < 5; attempt += 1) {
        if (await linked(mine, path)) return new FolderLock(path);
        const found = await read(path);
        if (found === undefined) continue;
        if (found.holder !== undefined && isAlive(found.holder)) throw inUse(folder, found.holder.pid);
        await removeStale(path, found.text);
      }
      throw new LabError('environment', `The lock of ${folder} is being fought over`, {
        hint: 'Start one bastion at a time in a folder.',
      });
    } catch (error) {
      throw error instanceof LabError ? error : folderError(error, folder);
    } finally {
      await rm(mine, { force: true });
    }
  }

  async release(): Promise<void> {
    await rm(this.path, { force: true });
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function read(path: string): Promise<{ text: string; holder: Holder | undefined } | undefined> {
  try {
    const text = await readFile(path, 'utf8');
    return { text, holder: parse(text) };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function parse(text: string): Holder | undefined {
  try {
    return holder.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Moves the stale lock away first: if another bastion was quicker, what was moved is its lock, and it goes back. */
async function removeStale(path: string, stale: string): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString('hex')}.stale`;
  try {
    await rename(path, aside);
    if ((await readFile(aside, 'utf8')) !== stale) await link(aside, path).catch(() => undefined);
  } catch (error) {
    if (!isMissing(error)) throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

const inUse = (folder: string, pid: number): LabError =>
  new LabError('environment', `Another bastion (process ${pid}) runs in ${folder}`, {
    hint: 'Stop it first, or set BASTION_DIR to another folder.',
  });
