import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LabError } from '@lab/domain';

/**
 * Runs `work` while this process alone holds the lock file. The lock is flock(2)'s, held by a child that ends when
 * its standard input does: a process that is killed, however, gives the lock back. Node itself has no flock.
 */
export async function withFileLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(file), { recursive: true });
  const holder = spawn('flock', ['--exclusive', file, 'sh', '-c', 'echo locked; exec cat >/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const closed = once(holder, 'close');
  await Promise.race([
    once(holder.stdout, 'data'),
    closed.then(([code]) => {
      throw new LabError('environment', `flock ${file} ended early (${String(code)}).`);
    }),
  ]);
  try {
    return await work();
  } finally {
    holder.stdin.end();
    await closed;
  }
}
