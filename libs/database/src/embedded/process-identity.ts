import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { LabError } from '@lab/domain';

/** A running process. Its start time tells it from a later one with the same PID. */
export interface RunningProcess {
  pid: number;
  /** Opaque; equal for the same process only. */
  startTime: string;
  /** Program and arguments, joined by NUL where the system keeps them apart. */
  commandLine: string;
}

/**
 * The process with that PID, or undefined if none runs. A zombie has ended: it doesn't count. On Linux no program is needed for
 * it (`ps` is elsewhere). Throws LabError `environment` where /proc isn't mounted: not to see a process doesn't mean then that
 * there is none.
 */
export function findProcess(pid: number): RunningProcess | undefined {
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
}

function fromProc(pid: number): RunningProcess | undefined {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'latin1');
    // The second field, the name in parentheses, may hold spaces: count from the last one. proc(5): 3 is the state,
    // 22 the start time in clock ticks since boot.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    const commandLine = readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8');
    return { pid, startTime: `${bootId()}:${fields[19] ?? ''}`, commandLine };
  } catch {
    if (existsSync('/proc/self/stat')) return undefined; // No such process, or gone while we looked.
    throw new LabError('environment', 'there is no telling which processes run: /proc is not mounted', {
      hint: 'Mount it (mount -t proc proc /proc), or set DATABASE_URL to a database that runs elsewhere.',
    });
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    return '';
  }
}

function fromPs(pid: number): RunningProcess | undefined {
  const { stdout, status } = spawnSync('ps', ['-o', 'stat=,lstart=,command=', '-p', String(pid)], {
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
  });
  // `S+  Sun Nov 22 22:40:01 2026 /path/postgres -D …`
  const match = /^\s*(\S+)\s+(\w+\s+\w+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/m.exec(stdout);
  const [, state = '', startTime = '', commandLine = ''] = match ?? [];
  if (status !== 0 || match === null || state.startsWith('Z')) return undefined;
  return { pid, startTime, commandLine };
}

/** Waits until no such process runs; false if it still does after `timeoutMs`. */
export async function waitForEnd(process: RunningProcess, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    if (findProcess(process.pid)?.startTime !== process.startTime) return true;
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
