import { link, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { LabError } from '@lab/domain';

const RETRY_MS = 25;
/** No work under a lock takes this long: requests time out before. */
const STALE_MS = 120_000;
const GUARD_STALE_MS = 5_000;

interface Holder {
  pid: number;
  /** A process ID says something only on its own machine (or in its own container). */
  host: string;
  nonce: string;
  since: number;
}

/**
 * Runs `work` while no other process that uses this lock file runs theirs. The lock of a process that is gone is taken over.
 * Raises `environment` when it is held for longer than `patienceMs`.
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>, patienceMs = 40_000): Promise<T> {
  const mine: Holder = { pid: process.pid, host: hostname(), nonce: crypto.randomUUID(), since: Date.now() };
  const deadline = Date.now() + patienceMs;
  while (!(await acquired(path, mine))) {
    const holder = await heldBy(path);
    if (holder !== undefined && isGone(holder) && (await takeAway(path, holder))) continue;
    if (Date.now() > deadline) throw stuck(path, holder);
    await sleep(RETRY_MS + Math.random() * RETRY_MS);
  }
  try {
    return await work();
  } finally {
    if ((await heldBy(path))?.nonce === mine.nonce) await rm(path, { force: true });
  }
}

/** The file appears with its content or not at all. */
async function acquired(path: string, holder: Holder): Promise<boolean> {
  const draft = `${path}.${holder.nonce}`;
  try {
    await writeFile(draft, JSON.stringify(holder), { mode: 0o600 });
    await link(draft, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Undefined for a lock that was just given back: look again. */
async function heldBy(path: string): Promise<Holder | undefined> {
  try {
    const parsed: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (typeof parsed !== 'object' || parsed === null) return undefined;
    const { pid, host, nonce, since } = parsed as Partial<Record<keyof Holder, unknown>>;
    return typeof pid === 'number' &&
      typeof host === 'string' &&
      typeof nonce === 'string' &&
      typeof since === 'number'
      ? { pid, host, nonce, since }
      : undefined;
  } catch {
    return undefined;
  }
}

function isGone(holder: Holder): boolean {
  if (Date.now() - holder.since > STALE_MS) return true;
  if (holder.host !== hostname()) return false;
  try {
    process.kill(holder.pid, 0);
    return false;
  } catch (error) {
    return codeOf(error) === 'ESRCH';
  }
}

/**
 * Removes the lock of a holder that is gone; false if another process is just doing that. Only whoever has the guard removes
 * a lock that isn't its own, and a holder that is gone can't give its lock back: what is checked is what is removed.
 */
async function takeAway(path: string, gone: Holder): Promise<boolean> {
  const guard = `${path}.takeover`;
  try {
    await writeFile(guard, '', { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    if (await isOld(guard)) await rm(guard, { force: true });
    return false;
  }
  try {
    if ((await heldBy(path))?.nonce === gone.nonce) await rm(path, { force: true });
    return true;
  } finally {
    await rm(guard, { force: true });
  }
}

/** A guard is held for a few milliseconds, unless its process was killed. */
async function isOld(guard: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(guard)).mtimeMs > GUARD_STALE_MS;
  } catch {
    return false;
  }
}

const stuck = (path: string, holder: Holder | undefined): LabError =>
  new LabError(
    'environment',
    `another labctl${holder === undefined ? '' : ` (process ${holder.pid})`} holds ${path}`,
    {
      hint: 'Wait until it ends; if none runs, delete that file.',
    },
  );

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
