import { describe, expect, it } from '@jest/globals';
import { LabError } from '@lab/domain';
import type { Program } from './program.js';
import { keepRunning } from './supervisor.js';

type End = Awaited<Program['exited']>;

/** A program that ends when it is told to. */
function program(pid: number): Program & { end: (end: End) => void } {
  const { promise, resolve } = Promise.withResolvers<End>();
  const nothing = (): Promise<void> => Promise.resolve();
  return {
    name: 'labd',
    pid,
    logFile: 'labd.log',
    exited: promise,
    end: resolve,
    stop: nothing,
    kill: nothing,
  };
}

describe('a program that is kept running', () => {
  it('is started again, with waits that grow until it runs steadily', async () => {
    const asked = new AbortController();
    const waits: number[] = [];
    const said: string[] = [];
    let now = 0;
    let starts = 0;
    const first = program(1);
    first.end({ code: 1, signal: null });
    await keepRunning(first, {
      start: () => {
        starts += 1;
        if (starts === 2)
          return Promise.reject(new LabError('environment', 'port 7070 is in use', { hint: 'Free it.' }));
        if (starts === 5) asked.abort();
        const next = program(starts + 1);
        next.end({ code: null, signal: 'SIGKILL' });
        return Promise.resolve(next);
      },
      say: (line) => said.push(line),
      signal: asked.signal,
      wait: (ms) => {
        waits.push(ms);
        return Promise.resolve();
      },
      now: () => (now += starts === 4 ? 61_000 : 0),
    });
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 1_000]);
    expect(said[0]).toContain(
      'labd ended unasked (exit code 1); its log is labd.log. It is started again in 1 s.',
    );
    expect(said.join('\n')).toContain('labd did not start: port 7070 is in use. hint: Free it.');
    expect(said.join('\n')).toContain('(SIGKILL)');
  });

  it('is left alone when it is asked to end', async () => {
    const asked = new AbortController();
    const one = program(1);
    const kept = keepRunning(one, {
      start: () => Promise.reject(new Error('it was started')),
      say: (line) => {
        throw new Error(line);
      },
      signal: asked.signal,
    });
    asked.abort();
    one.end({ code: 0, signal: null });
    await kept;
  });
});
