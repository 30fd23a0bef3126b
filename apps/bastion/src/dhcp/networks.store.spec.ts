import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { pino } from 'pino';
import { temporaryFolder } from '../../test/bastion-fixture.js';
import { served } from '../../test/dhcp/site-under-test.js';
import { NetworksStore } from './networks.store.js';

const log = pino({ level: 'silent' });
const part = (revision: string, number: number, parts: number, name: string) => ({
  ...{ revision, part: number, parts, networks: [served({ name })], reservations: [] },
});

it('puts the parts of a revision together, in whatever order they come, and keeps the level on disk', async () => {
  await using folder = await temporaryFolder();
  const store = await NetworksStore.open(folder.path, log);
  const seen: (string | undefined)[] = [];
  store.onChanged(() => seen.push(store.level?.revision));
  store.take(part('one', 2, 2, 'b'));
  expect(store.level).toBeNull();
  store.take(part('one', 1, 2, 'a'));
  expect(store.level?.networks.map(({ name }) => name)).toEqual(['a', 'b']);
  // A half revision never counts, nor does the same one again.
  store.take(part('two', 1, 2, 'c'));
  store.take(part('three', 2, 2, 'e'));
  store.take(part('three', 2, 2, 'e'));
  store.take(part('three', 5, 2, 'x'));
  expect(store.level?.revision).toBe('one');
  store.take(part('three', 1, 2, 'd'));
  store.take(part('three', 1, 1, 'd'));
  expect(seen).toEqual(['one', 'three']);
  await store.close();
  const again = await NetworksStore.open(folder.path, log);
  expect(again.level?.networks.map(({ name }) => name)).toEqual(['d', 'e']);
});

it.each(['{"revision":', '[]', 'null', ''])('sets a damaged file aside: %j', async (text) => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'networks.json');
  await writeFile(file, text);
  const store = await NetworksStore.open(folder.path, log);
  expect(store.level).toBeNull();
  expect(await readFile(`${file}.damaged`, 'utf8')).toBe(text);
});
