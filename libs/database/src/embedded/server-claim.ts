import { readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '@lab/domain';
import type { DataFolder } from './data-folder.js';
import { findProcess, waitForEnd, type RunningProcess } from './process-identity.js';

/** What postmaster.pid says: PID on line 1, port on line 4, status on line 8 (PostgreSQL's miscadmin.h). */
export interface PostmasterFile {
  pid: number;
  port: number;
  /** `ready` once it accepts connections. */
  status: string;
}

export function readPostmasterFile(folder: DataFolder): PostmasterFile | undefined {
  const lines = readIfThere(join(folder.data, 'postmaster.pid'))?.split('\n');
  const pid = Number(lines?.[0]);
  if (lines === undefined || !Number.isSafeInteger(pid) || pid <= 0) return undefined;
  return { pid, port: Number(lines[3]), status: (lines[7] ?? '').trim() };
}

/** Notes that this process runs the server of the folder. Throws LabError `environment` if another was faster. */
export function claim(folder: DataFolder): void {
  const self = findProcess(process.pid);
  const note = JSON.stringify({ pid: process.pid, startTime: self?.startTime ?? '' });
  try {
    writeFileSync(folder.owner, note, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    const owner = livingOwner(folder);
    throw owner === undefined ? error : inUse(folder, owner.pid);
  }
}

/** The port of a server that runs on the folder for a program that lives. */
export function runningPort(folder: DataFolder): number | undefined {
  const file = readPostmasterFile(folder);
  const runs = file?.status === 'ready' && livingOwner(folder) !== undefined;
  return runs && serverOf(folder, file.pid) !== undefined ? file.port : undefined;
}

export function release(folder: DataFolder): void {
  rmSync(folder.owner, { force: true });
}

/**
 * Makes sure that no server runs on the folder. One whose program was killed is stopped. Throws LabError `environment`
 * when a living program uses it, or when the server was started by something else.
 */
export async function takeOver(folder: DataFolder): Promise<void> {
  const owner = livingOwner(folder);
  const file = readPostmasterFile(folder);
  const server = file === undefined ? undefined : serverOf(folder, file.pid);
  if (owner !== undefined) throw inUse(folder, owner.pid);
  if (server === undefined) {
    // A PID that is another program's by now (after a restart of a container, say) would keep PostgreSQL from starting.
    if (file !== undefined) rmSync(join(folder.data, 'postmaster.pid'), { force: true });
  } else {
    if (readIfThere(folder.owner) === undefined) throw inUse(folder, server.pid);
    await stopOrphan(folder, server);
  }
  release(folder);
}

async function stopOrphan(folder: DataFolder, server: RunningProcess): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    try {
      process.kill(server.pid, signal);
    } catch {
      // It ended by itself, or isn't ours to end: the wait below tells which.
    }
    if (await waitForEnd(server, signal === 'SIGINT' ? 20_000 : 5_000)) return;
  }
  throw inUse(folder, server.pid);
}

function inUse(folder: DataFolder, pid: number): LabError {
  return new LabError('environment', `the data folder ${folder.root} is in use by process ${String(pid)}`, {
    hint: `Stop that program, or set LAB_HOME to another folder.`,
    details: { folder: folder.root, pid },
  });
}

/** The process that claimed the folder, if it still lives. */
function livingOwner(folder: DataFolder): RunningProcess | undefined {
  const text = readIfThere(folder.owner);
  if (text === undefined) return undefined;
  const [, pid = '', startTime = ''] = /^\{"pid":(\d+),"startTime":"([^"]*)"\}$/.exec(text) ?? [];
  const running = pid === '' ? undefined : findProcess(Number(pid));
  return running?.startTime === startTime ? running : undefined;
}

/** The process with that PID, if it is a PostgreSQL on this folder: its command line names the folder. */
function serverOf(folder: DataFolder, pid: number): RunningProcess | undefined {
  const running = findProcess(pid);
  if (running === undefined) return undefined;
  const names = [folder.data, realpathSync(folder.data)];
  const isServer = /postgres|postmaster/.test(running.commandLine);
  return isServer && names.some((name) => running.commandLine.includes(name)) ? running : undefined;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // Not there, or not ours to read: PostgreSQL's own lock then says so.
  }
}
