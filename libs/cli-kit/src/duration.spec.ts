import { describe, expect, it } from '@jest/globals';
import { parseDuration } from './duration.js';

describe('a duration', () => {
  it.each([
    ['30s', 30_000],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['200ms', 200],
    ['90', 90_000],
    ['0', 0],
  ])('%s is %i ms', (text, milliseconds) => {
    expect(parseDuration(text, '--timeout')).toBe(milliseconds);
  });

  it.each([[''], ['-1s'], ['5 m'], ['1y'], ['m'], ['1e9s'], ['31d'], ['999999999h']])(
    '%j is refused',
    (text) => {
      expect(() => parseDuration(text, '--timeout')).toThrow(/^--timeout: ".*" is not a duration$/);
    },
  );
});
