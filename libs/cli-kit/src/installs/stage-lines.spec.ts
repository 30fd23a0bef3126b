import { describe, expect, it } from '@jest/globals';
import type { InstallStage } from '../api/api-types.js';
import { stageChange, stageLine } from './stage-lines.js';

const now = Date.parse('2026-11-22T10:02:00Z');
const stage = (changes: Partial<InstallStage>): InstallStage => ({
  name: 'packages',
  title: 'Packages',
  state: 'pending',
  startedAt: null,
  endedAt: null,
  message: null,
  failure: null,
  ...changes,
});
const running = stage({ state: 'running', startedAt: '2026-11-22T10:00:00Z' });
const done = stage({
  state: 'succeeded',
  startedAt: '2026-11-22T10:00:00Z',
  endedAt: '2026-11-22T10:01:12Z',
});
const plain = { colour: false, utf8: false };

describe('a line of the live list', () => {
  it.each([
    [stage({}), '  . Packages'],
    [running, '  > Packages                      2m00s  (usually 7m00s)'],
    [done, '  + Packages                      1m12s'],
    [
      stage({ state: 'failed', message: 'no\u001b[2J disk' }),
      '  x Packages                             no\uFFFD[2J disk',
    ],
  ])('of %j reads %j', (shown, line) => {
    expect(stageLine(shown, now, 80, plain)).toBe(line);
  });

  it('is never wider than the terminal', () => {
    const long = stage({ state: 'failed', message: 'x'.repeat(500) });
    for (const columns of [20, 40, 80])
      expect(stageLine(long, now, columns, plain).length).toBeLessThan(columns);
  });

  it('has marks and colours where they can be shown', () => {
    expect(stageLine(done, now, 80, { colour: true, utf8: true })).toMatch(
      /^ {2}\u001b\[32m✓ Packages .*1m12s\u001b\[0m$/,
    );
  });
});

describe('a change of a stage', () => {
  it.each([
    [running, 'Packages: running'],
    [done, 'Packages: succeeded (1m12s)'],
    [stage({ state: 'failed', message: 'no disk' }), 'Packages: failed: no disk'],
  ])('of %j reads %j', (changed, line) => {
    expect(stageChange(changed)).toBe(line);
  });
});
