import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { findProcess, waitForEnd } from './process-identity.js';

const sleeper = () => spawn('sleep', ['60'], { stdio: 'ignore' });

describe('findProcess', () => {
  it('finds this process, the same each time', () => {
    const self = findProcess(process.pid);
    expect(self?.pid).toBe(process.pid);
    expect(findProcess(process.pid)).toEqual(self);
  });

  it('tells two processes apart and knows what they run', async () => {
    const child = sleeper();
    await once(child, 'spawn');
    const found = findProcess(child.pid ?? 0);
    expect(found?.commandLine).toContain('60');
    expect(found?.startTime).not.toBe(findProcess(process.pid)?.startTime);
    child.kill();
    await once(child, 'exit');
    expect(findProcess(child.pid ?? 0)).toBeUndefined();
  });

  it('finds nothing where no process runs', () => {
    expect(findProcess(2 ** 22 + 1)).toBeUndefined();
  });
});

describe('waitForEnd', () => {
  it('waits until the process has ended, or until patience is at its end', async () => {
    const child = sleeper();
    await once(child, 'spawn');
    const running = findProcess(child.pid ?? 0);
    if (running === undefined) throw new Error('it does not run');
    expect(await waitForEnd(running, 30)).toBe(false);
    child.kill('SIGKILL');
    expect(await waitForEnd(running, 120_000)).toBe(true);
  });
});
