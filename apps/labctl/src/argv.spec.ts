import { describe, expect, it } from '@jest/globals';
import { commandFirst, hasFlag } from './argv.js';

describe('global flags before the command', () => {
  it.each([
    [
      ['get', 'servers'],
      ['get', 'servers'],
    ],
    [
      ['--context', 'x', 'get', 'servers'],
      ['get', 'servers', '--context', 'x'],
    ],
    [
      ['--context=x', '--debug', 'get'],
      ['get', '--context=x', '--debug'],
    ],
    [
      ['--debug', 'get', '--', '--odd'],
      ['get', '--debug', '--', '--odd'],
    ],
    [['--help'], ['--help']],
    [['--debug'], ['--debug']],
    [['--context'], ['--context']],
    [[], []],
  ])('%j becomes %j', (argv, expected) => {
    expect(commandFirst(argv)).toEqual(expected);
  });
});

describe('a flag', () => {
  it('counts only before --', () => {
    expect(hasFlag(['get', '--debug'], '--debug')).toBe(true);
    expect(hasFlag(['get', '--', '--debug'], '--debug')).toBe(false);
  });
});
