import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Machine } from '@lab/protocol';
import { macOf, temporaryFolder } from '../../test/bastion-fixture.js';
import { MachineStore } from './machine.store.js';

const macNumber = (number: number) => macOf(`52:54:00:00:07:${number.toString(16).padStart(2, '0')}`);
const machine = (number: number, over: Partial<Machine> = {}): Machine => ({
  mac: macNumber(number),
  uuid: null,
  serial: null,
  manufacturer: null,
  model: null,
  bootMode: null,
  arch: null,
  cpuModel: null,
  cpuCores: null,
  memoryBytes: null,
  nics: [],
  disks: [],
  seenAt: '2026-11-25T10:00:00.000Z',
  ...over,
});

describe('The machines that a bastion has seen', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  const confirmed = new Set<string>();
  const open = (unconfirmed = 3, bytes?: number): Promise<MachineStore> =>
    MachineStore.open(folder.path, {
      unconfirmed,
      ...(bytes !== undefined && { bytes }),
      isConfirmed: (mac) => confirmed.has(mac),
    });
  const numbers = (store: MachineStore): number[] =>
    store.all().map(({ mac }) => Number.parseInt(mac.slice(-2), 16));
  beforeEach(async () => {
    folder = await temporaryFolder();
    confirmed.clear();
  });
  afterEach(() => folder[Symbol.asyncDispose]());

  it('make room for new ones: first those that nobody confirmed and that were heard of longest ago', async () => {
    const store = await open();
    confirmed.add(macNumber(1));
    for (const number of [1, 2, 3, 4]) await store.put(machine(number));
    store.touch(macNumber(2));
    await store.put(machine(5));
    expect(numbers(store)).toEqual([1, 4, 2, 5]);
    await store.put(machine(4, { model: 'changed' }));
    await store.put(machine(6));
    expect(numbers(store)).toEqual([1, 5, 4, 6]);
    expect(store.dropped.count).toBe(2);
    await store.close();
  });

  it('are always taken when someone has confirmed them', async () => {
    const store = await open(1);
    for (const number of [1, 2, 3]) {
      confirmed.add(macNumber(number));
      await store.put(machine(number));
    }
    await store.put(machine(4));
    expect(numbers(store)).toEqual([1, 2, 3, 4]);
    await store.close();
  });

  it('make room too when their reports are large, and confirmed ones are never dropped for it', async () => {
    const large = 'x'.repeat(400);
    const store = await open(100, 2_000);
    confirmed.add(macNumber(1));
    for (const number of [1, 2, 3, 4, 5]) await store.put(machine(number, { model: large }));
    expect(numbers(store)[0]).toBe(1);
    expect(numbers(store).at(-1)).toBe(5);
    expect(store.size).toBeLessThan(5);
    await expect(store.put(machine(6, { model: 'x'.repeat(1_500) }))).rejects.toMatchObject({
      code: 'not-ready',
    });
    await store.close();
  });

  it('are the same after a restart, in the same order', async () => {
    const store = await open();
    for (const number of [1, 2, 3, 4, 2, 5]) await store.put(machine(number, { serial: randomUUID() }));
    const before = numbers(store);
    await store.close();
    const again = await open();
    expect(numbers(again)).toEqual(before);
    await again.close();
  });
});
