import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../../../checkout.js';

const rows = (path: string): string[][] =>
  readFileSync(join(root, path), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => line.split(/\s+/));

describe('the packages of the test trees', () => {
  const inTrees = new Map(
    rows('e2e/vm/test-installer/media/packages.txt').map(([name, where]) => [name, where]),
  );

  it('have every name that a profile or a role asks for, in the repository of EL 10 that has it', () => {
    const asked = rows('apps/bastion/test/kickstart/package-repositories.tsv').slice(1);
    for (const [family, name = '', repository] of asked) {
      if (name.startsWith('@')) continue;
      expect(inTrees.has(name)).toBe(true);
      if (family === 'el10') expect({ name, repository: inTrees.get(name) }).toEqual({ name, repository });
    }
  });

  it('need only what is among them', () => {
    for (const [name, ...needs] of rows('e2e/vm/test-installer/media/requires.txt')) {
      expect([name, ...needs].filter((each) => !inTrees.has(each))).toEqual([]);
    }
  });
});
