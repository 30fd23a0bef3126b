import { describe, expect, it } from '@jest/globals';
import { LogRing, RING_LINES } from './log-ring.js';

const line = (number: number, source = 'pre') => ({
  number,
  at: '2026-11-23T12:00:00.000Z',
  source,
  stage: null,
  text: `line ${number}`,
});

describe('The ring of lines in memory', () => {
  it('gives lines back as they came, and says which are not here any more', () => {
    const ring = new LogRing('install');
    expect(ring.first).toBeUndefined();
    for (let number = 1; number <= RING_LINES + 5; number += 1)
      ring.push(line(number, number % 2 ? 'pre' : 'post'));
    expect(ring.first).toBe(6);
    expect(ring.after(4, 10)).toBeUndefined();
    expect(ring.after(5, 2)).toEqual([line(6, 'post'), line(7)]);
    expect(ring.after(RING_LINES + 4, 10)).toEqual([line(RING_LINES + 5)]);
    expect(ring.after(RING_LINES + 5, 10)).toEqual([]);
  });

  it('knows its numbers when more came at once than it holds', () => {
    const ring = new LogRing('install');
    for (let number = 1; number <= 10; number += 1) ring.push(line(number));
    for (let number = 501; number <= 500 + RING_LINES; number += 1) ring.push(line(number));
    expect(ring.first).toBe(501);
    expect(ring.after(500, 1)).toEqual([line(501)]);
  });
});
