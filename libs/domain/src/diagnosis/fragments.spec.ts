import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { FragmentIndex, holds, parseFragment } from './fragments.js';

const isIn = (pattern: string, line: string) => holds(line.toLowerCase(), parseFragment(pattern));

describe('a fragment', () => {
  it.each([
    ['device is busy', 'mdadm: Device is BUSY now', true],
    ['volume group "*" already exists', 'Volume group "rhel" already exists', true],
    ['volume group "*" already exists', 'already exists: Volume group "rhel"', false],
    ['a*aaaa', 'aaaa', false],
    ['^terminated$', 'Terminated', true],
    ['^terminated$', 'it was terminated', false],
    ['^terminated$', 'terminated by hand', false],
    ['^user * already exists', 'user core already exists', true],
    ['^user * already exists', 'the user core already exists', false],
    [': unbound variable$', 'line 3: X: unbound variable', true],
    [': unbound variable$', 'line 3: X: unbound variable!', false],
    ['error*error$', 'an error', false],
    ['error*error$', 'error of an error', true],
  ])('"%s" in "%s": %s', (pattern, line, expected) => {
    expect(isIn(pattern, line)).toBe(expected);
  });

  it('has four characters in a row, lest it is everywhere', () => {
    expect(() => parseFragment('ab*cd*ef')).toThrow('"ab*cd*ef"');
    expect(() => parseFragment('^*$')).toThrow('no 4 characters');
  });
});

describe('many fragments', () => {
  const patterns = [
    'status code: 404',
    'code: 4',
    'tatus',
    'mirror * tried',
    '^mirror',
    'é accent',
    'us code',
  ];
  const index = new FragmentIndex(patterns.map((pattern) => [pattern, pattern]));

  it.each([
    'Status code: 404 for http://mirror',
    'mirrors were tried',
    'status status code: 4',
    'CAFÉ ACCENT',
    'nothing of it',
    '',
  ])('find in "%s" what each of them finds alone', (line) => {
    const lower = line.toLowerCase();
    const alone = patterns.filter((pattern) => isIn(pattern, line));
    expect(index.find(lower).toSorted()).toEqual(alone.toSorted());
    expect(index.touches(line)).toBe(index.touches(lower));
    if (alone.length > 0) expect(index.touches(line)).toBe(true);
  });

  it('name each once, however often its words come', () => {
    expect(index.find('tatus tatus tatus')).toEqual(['tatus']);
  });
});

describe('what a line costs', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it.each(['a'.repeat(2000), 'aaaa b '.repeat(280), 'ab'.repeat(1000)])(
    'is one look for each part of the fragments that it may hold, whatever it repeats',
    (line) => {
      const patterns = ['aaaa*aaaa*aaaa*z', 'aaaa*b*aaaa*b*!!!!', 'abab*abba', 'aaaaaaaa*aaaaaaab', 'zzzz'];
      const index = new FragmentIndex(patterns.map((pattern) => [pattern, pattern]));
      const parts = patterns.flatMap((pattern) => parseFragment(pattern).parts);
      const looks = jest.spyOn(String.prototype, 'indexOf');
      index.find(line);
      expect(looks.mock.calls.length).toBeLessThanOrEqual(parts.length);
    },
  );
});
