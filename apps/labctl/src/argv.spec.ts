import { describe, expect, it } from '@jest/globals';
import { commandFirst, hasFlag, withDryRunValue } from './argv.js';

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

describe('--dry-run', () => {
  it.each([
    [
      ['cancel', 'node1', '--dry-run'],
      ['cancel', 'node1', '--dry-run=server'],
    ],
    [
      ['cancel', '--dry-run', 'node1'],
      ['cancel', '--dry-run=server', 'node1'],
    ],
    [
      ['cancel', '--dry-run', 'none', 'node1'],
      ['cancel', '--dry-run', 'none', 'node1'],
    ],
    [
      ['cancel', '--dry-run=none', 'node1'],
      ['cancel', '--dry-run=none', 'node1'],
    ],
    [
      ['rack', '--', '--dry-run'],
      ['rack', '--', '--dry-run'],
    ],
  ])('%j becomes %j', (argv, expected) => {
    expect(withDryRunValue(argv)).toEqual(expected);
  });
});
