import { setTimeout as sleep } from 'node:timers/promises';
import { CliError, EXIT, isProcess, runningBastion } from '@lab/cli-kit';
import { readSite } from './site-files.js';

/** It answers what is under way first; a site ends its database, too. */
const PATIENCE_MS = { bastion: 15_000, site: 60_000 } as const;

/** Ends what runs in a folder. Undefined: nothing does. Raises `timed-out`. */
export async function stopIn(folder: string): Promise<'site' | 'bastion' | undefined> {
  const site = await readSite(folder);
  if (site !== undefined) {
    // The parent ends both in order. One that was killed has left them behind.
    const pids =
      site.pid !== 0 ? [site.pid] : [site.bastion?.pid, site.labd?.pid].filter((pid) => pid !== undefined);
    for (const pid of pids) await end(pid, PATIENCE_MS.site, `${folder}/standalone.log`);
    return 'site';
  }
  const running = await runningBastion(folder);
  if (running === undefined) return undefined;
  await end(running.pid, PATIENCE_MS.bastion, `${folder}/bastion.log`);
  return 'bastion';
}

async function end(pid: number, patienceMs: number, logFile: string): Promise<void> {
  process.kill(pid, 'SIGTERM');
  const deadline = performance.now() + patienceMs;
  while (isProcess(pid)) {
    if (performance.now() > deadline) {
      throw new CliError('timed-out', `process ${pid} has not ended after ${patienceMs / 1000} s`, {
        exitCode: EXIT.timedOut,
        hint: `Look at ${logFile}, then kill ${pid}.`,
      });
    }
    await sleep(50);
  }
}
