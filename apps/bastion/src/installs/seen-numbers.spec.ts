import { describe, expect, it } from '@jest/globals';
import { SeenNumbers } from './seen-numbers.js';

describe('Numbers that were seen', () => {
  it('are new once, in any order', () => {
    const seen = new SeenNumbers();
    const order = [5, 1, 3, 2, 4, 9, 7, 8, 6, 0];
    expect(order.map((number) => seen.add(number))).toEqual(order.map(() => true));
    expect(order.map((number) => seen.add(number))).toEqual(order.map(() => false));
    expect(seen.has(9)).toBe(true);
    expect(seen.has(10)).toBe(false);
  });

  it('are a bounded list however many gaps a source leaves', () => {
    const seen = new SeenNumbers();
    for (let number = 0; number < 10_000; number += 2) seen.add(number);
    expect(seen.add(9_999)).toBe(true);
    expect(seen.add(9_997)).toBe(true);
    // The oldest gaps count as filled.
    expect(seen.add(1)).toBe(false);
  });
});
