import { open, readFile, rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

const PATIENCE_MS = 200_000;

/** `code` of a system error. Not by `instanceof Error`: under Jest, Node's errors are of another realm. */
const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
};

/** Takes the lock if nobody has it; removes one whose holder was killed. */
async function tryTake(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  const holder = Number(await readFile(path, 'utf8').catch(() => ''));
  // An empty file is being written; only a PID that runs no more was left behind.
  if (holder > 0 && !isAlive(holder)) await rm(path, { force: true });
  return false;
}

/** Runs `work` while no other process of this machine runs under the same lock file. */
export async function underLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await tryTake(path))) {
    if (performance.now() > deadline) {
      throw new Error(`the lock ${path} has been held for minutes; remove it if its holder hangs`);
    }
    await wait(25);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}
