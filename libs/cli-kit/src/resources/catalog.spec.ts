import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RESOURCE_KINDS } from '@lab/domain';
import { Catalog, parseKinds } from './catalog.js';

const racks = {
  kind: 'Rack',
  singular: 'rack',
  plural: 'racks',
  aliases: ['rk'],
  verbs: ['get'],
  columns: [{ heading: 'NAME', path: 'metadata.name' }],
};
let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'catalog-spec-'));
  path = join(folder, 'labctl', 'kinds.json');
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('the catalog', () => {
  it('asks labd once and remembers the answer for ten minutes', async () => {
    let asked = 0;
    let now = 0;
    const catalog = () =>
      new Catalog(path, () => Promise.resolve({ items: [racks], asked: ++asked }), { now: () => now });
    expect(await catalog().kinds()).toEqual([racks]);
    now = 599_000;
    expect(await catalog().kinds()).toEqual([racks]);
    expect(asked).toBe(1);
    now = 601_000;
    await catalog().kinds();
    expect(asked).toBe(2);
  });

  it('asks again when told to', async () => {
    let asked = 0;
    const fetch = () => Promise.resolve({ items: [racks], asked: ++asked });
    await new Catalog(path, fetch, { now: () => 0 }).kinds();
    await new Catalog(path, fetch, { now: () => 0 }).kinds({ anew: true });
    expect(asked).toBe(2);
  });

  it('works without a place for a cache', async () => {
    const catalog = new Catalog(undefined, () => Promise.resolve({ items: [racks] }), { now: () => 0 });
    expect(await catalog.kinds()).toEqual([racks]);
  });

  it('takes a damaged cache for none', async () => {
    const catalog = () => new Catalog(path, () => Promise.resolve({ items: [racks] }), { now: () => 0 });
    await catalog().kinds();
    writeFileSync(path, '{"fetchedAt":');
    expect(await catalog().kinds()).toEqual([racks]);
  });

  it('falls back to the bundled kinds when labd serves none that can be read', async () => {
    const catalog = new Catalog(path, () => Promise.resolve({ items: [{ kind: 7 }] }), { now: () => 0 });
    expect(await catalog.kinds()).toBe(RESOURCE_KINDS);
  });
});

describe('an answer about kinds', () => {
  it('is read without what is malformed in it', () => {
    const answer = {
      items: [racks, 7, { ...racks, plural: '../etc' }, { ...racks, columns: [{}, racks.columns[0]] }],
    };
    expect(parseKinds(answer)).toEqual([racks, racks]);
  });
});
