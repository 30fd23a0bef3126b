import { describe, expect, it } from '@jest/globals';
import { similarTo } from './similar.js';

describe('what was meant', () => {
  it.each([
    ['gte', ['get']],
    ['serers', ['servers', 'server']],
    ['desc', ['describe']],
    ['completely-different', []],
    ['x', []],
    ['', []],
  ])('by %s is %j', (text, meant) => {
    expect(similarTo(text, ['get', 'servers', 'server', 'describe'])).toEqual(meant);
  });
});
