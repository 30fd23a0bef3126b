import { describe, expect, it } from '@jest/globals';
import { GATE_SECONDS, mayHaveTouched } from './disk-touch.js';

const NOW = new Date('2026-11-25T12:00:00.000Z');
const ago = (seconds: number): Date => new Date(NOW.getTime() - seconds * 1000);
const NEVER = { diskTouchedAt: null, kickstartFetchedAt: null, lastHeardAt: null };

describe('whether the disk of an install may be touched', () => {
  it.each([
    ['nothing was served', NEVER, false],
    ['it was heard of, and has no kickstart', { ...NEVER, lastHeardAt: ago(3600) }, false],
    ['the kickstart was just fetched', { ...NEVER, kickstartFetchedAt: ago(1) }, false],
    [
      'the kickstart was fetched, and then silence',
      { ...NEVER, kickstartFetchedAt: ago(GATE_SECONDS) },
      true,
    ],
    ['it has spoken lately', { ...NEVER, kickstartFetchedAt: ago(900), lastHeardAt: ago(20) }, false],
    ['it has not spoken for long', { ...NEVER, kickstartFetchedAt: ago(900), lastHeardAt: ago(60) }, true],
    [
      'it was reported',
      { ...NEVER, diskTouchedAt: ago(1), kickstartFetchedAt: ago(1), lastHeardAt: ago(0) },
      true,
    ],
    [
      'it was reported in an earlier boot, and the rest was lost',
      { ...NEVER, diskTouchedAt: ago(500) },
      true,
    ],
  ])('%s', (_what, facts, touched) => {
    expect(mayHaveTouched(facts, NOW)).toBe(touched);
  });

  it('is unsure before the machine may go on without leave, not after', () => {
    const last = Array.from({ length: GATE_SECONDS + 1 }, (_, second) => second).findLast(
      (second) => !mayHaveTouched({ ...NEVER, kickstartFetchedAt: ago(second) }, NOW),
    );
    expect(last).toBeLessThan(GATE_SECONDS);
    // Three heartbeats: one that is lost makes nobody unsure.
    expect(last).toBeGreaterThan(40);
  });
});
