import { appendFile, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Fact } from '@lab/protocol';
import { temporaryFolder } from '../../test/bastion-fixture.js';
import { Spool } from './spool.js';

const fact = (number: number, text = `line ${number}`): Fact => ({
  type: 'bastion-log',
  payload: {
    installId: '11111111-1111-4111-8111-111111111111',
    lines: [{ number, at: '2026-11-22T10:00:00.000Z', source: 'pre', stage: null, text }],
  },
});
const numbersOf = (facts: readonly { fact: Fact }[]): number[] =>
  facts.flatMap(({ fact: one }) =>
    one.type === 'bastion-log' ? one.payload.lines.map((line) => line.number) : [],
  );

describe('A spool', () => {
  let temporary: Awaited<ReturnType<typeof temporaryFolder>>;
  let folder: string;
  let opened: Spool[];
  const open = async (over: { maxBytes?: number; segmentBytes?: number } = {}): Promise<Spool> => {
    const spool = await Spool.open({ folder, maxBytes: 64 * 1024 * 1024, ...over });
    opened.push(spool);
    return spool;
  };
  const segments = async (): Promise<string[]> =>
    (await readdir(folder)).filter((name) => name.endsWith('.ndjson')).sort();

  beforeEach(async () => {
    temporary = await temporaryFolder();
    folder = join(temporary.path, 'logs');
    opened = [];
  });
  afterEach(async () => {
    await Promise.all(opened.map((spool) => spool.close()));
    await temporary[Symbol.asyncDispose]();
  });

  it('numbers facts from 1 without gaps, in the order in which they were given', async () => {
    const spool = await open();
    await Promise.all([spool.append([fact(1), fact(2)]), spool.append([fact(3)]), spool.append([fact(4)])]);
    const facts = await spool.readAfter(0, 10);
    expect(facts.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect(numbersOf(facts)).toEqual([1, 2, 3, 4]);
  });

  it('hands over at most as many as are asked for, from where they are asked for', async () => {
    const spool = await open();
    await spool.append([1, 2, 3, 4, 5].map((number) => fact(number)));
    expect(numbersOf(await spool.readAfter(2, 2))).toEqual([3, 4]);
    expect(await spool.readAfter(5, 2)).toEqual([]);
  });

  it('tells listeners of an append until they stop listening', async () => {
    const spool = await open();
    let told = 0;
    const stop = spool.onAppended(() => (told += 1));
    await spool.append([fact(1)]);
    stop();
    await spool.append([fact(2)]);
    expect(told).toBe(1);
  });

  it('has the same epoch, numbers and facts after it was opened again', async () => {
    const first = await open();
    await first.append([fact(1), fact(2)]);
    await first.close();
    const again = await open();
    await again.append([fact(3)]);
    expect(again.epoch).toBe(first.epoch);
    expect(again.isNew).toBe(false);
    expect(numbersOf(await again.readAfter(0, 10))).toEqual([1, 2, 3]);
  });

  it('reads far back from the disk, over many segments', async () => {
    const spool = await open({ segmentBytes: 20_000 });
    const wide = 'x'.repeat(5_000);
    for (let number = 1; number <= 600; number += 20) {
      await spool.append(Array.from({ length: 20 }, (_, index) => fact(number + index, wide)));
    }
    const all: number[] = [];
    while (all.length < 600) all.push(...numbersOf(await spool.readAfter(all.length, 64)));
    expect(all).toEqual(Array.from({ length: 600 }, (_, index) => index + 1));
    expect((await segments()).length).toBeGreaterThan(10);
  });

  it('removes segments that are acked, and goes on numbering when it is opened again', async () => {
    const spool = await open({ segmentBytes: 200 });
    for (let number = 1; number <= 9; number += 1) await spool.append([fact(number)]);
    const before = (await segments()).length;
    await spool.acked(8);
    expect((await segments()).length).toBeLessThan(before);
    await spool.close();
    const again = await open({ segmentBytes: 200 });
    await again.append([fact(10)]);
    expect(again.lastSeq).toBe(10);
    expect(numbersOf([...(await again.readAfter(8, 1)), ...(await again.readAfter(9, 1))])).toEqual([9, 10]);
    await expect(again.readAfter(0, 10)).rejects.toThrow('the spool has');
  });

  it('has files synced that its facts came from before it drops a segment', async () => {
    const spool = await open({ segmentBytes: 200 });
    let segmentsThen = 0;
    spool.beforeDrop(async () => {
      segmentsThen = (await segments()).length;
    });
    for (let number = 1; number <= 4; number += 1) await spool.append([fact(number)]);
    const before = (await segments()).length;
    await spool.acked(4);
    expect(segmentsThen).toBe(before);
  });

  it.each([
    ['half a line', (text: string) => text.slice(0, -20)],
    ['a line without its end', (text: string) => text.slice(0, -1)],
    ['zeros at the end, as after a power cut', (text: string) => `${text.slice(0, -30)}${'\0'.repeat(30)}`],
    ['zeros and a newline at the end', (text: string) => `${text.slice(0, -30)}${'\0'.repeat(30)}\n`],
  ])('cuts off a torn tail: %s', async (_name, tear) => {
    const spool = await open();
    await spool.append([fact(1), fact(2), fact(3)]);
    await spool.close();
    const file = join(folder, (await segments())[0] ?? '');
    await writeFile(file, tear(await readFile(file, 'utf8')));
    const again = await open();
    expect(again.epoch).toBe(spool.epoch);
    expect(again.lastSeq).toBe(2);
    await again.append([fact(4)]);
    expect(numbersOf(await again.readAfter(0, 10))).toEqual([1, 2, 4]);
  });

  it('begins a new epoch with all that is readable when facts in the middle are not, and keeps the old files for a person', async () => {
    const spool = await open();
    await spool.append([fact(1), fact(2), fact(3)]);
    await spool.close();
    const file = join(folder, (await segments())[0] ?? '');
    await writeFile(file, (await readFile(file, 'utf8')).replace('"seq":2', '"s'));
    const again = await open();
    expect(again.isNew).toBe(true);
    expect(again.epoch).not.toBe(spool.epoch);
    expect(numbersOf(await again.readAfter(0, 10))).toEqual([1, 3]);
    const [aside = ''] = (await readdir(dirname(folder))).filter((name) => name.includes('.damaged-'));
    expect(await readdir(join(dirname(folder), aside))).toContain('epoch.json');
  });

  it('begins a new epoch when a whole segment is missing', async () => {
    const spool = await open({ segmentBytes: 100 });
    for (let number = 1; number <= 3; number += 1) await spool.append([fact(number)]);
    await spool.close();
    await rm(join(folder, (await segments())[1] ?? ''));
    expect((await open()).isNew).toBe(true);
  });

  it('renumbers what is on the disk for a labd that lost its own', async () => {
    const spool = await open({ segmentBytes: 200 });
    for (let number = 1; number <= 9; number += 1) await spool.append([fact(number)]);
    await spool.acked(8);
    const { epoch, firstSeq } = spool;
    await spool.renew();
    expect(spool.epoch).not.toBe(epoch);
    const kept = await spool.readAfter(0, 20);
    expect(kept.map(({ seq }) => seq)).toEqual(kept.map((_, index) => index + 1));
    expect(numbersOf(kept)).toEqual(Array.from({ length: 10 - firstSeq }, (_, index) => firstSeq + index));
    await spool.close();
    expect((await open()).lastSeq).toBe(kept.length);
  });

  it('refuses facts when it is full, keeps the older ones, and takes more once labd has acked', async () => {
    const spool = await open({ maxBytes: 3_000, segmentBytes: 500 });
    let number = 0;
    const fill = async (): Promise<void> => {
      for (;;) {
        await spool.append([fact(number + 1)]);
        number += 1;
      }
    };
    await expect(fill()).rejects.toMatchObject({ code: 'not-ready', status: 503 });
    expect(number).toBeGreaterThan(5);
    expect(numbersOf(await spool.readAfter(0, 100))).toEqual(
      Array.from({ length: number }, (_, index) => index + 1),
    );
    await spool.acked(number);
    await spool.append([fact(number + 1)]);
    expect(spool.lastSeq).toBe(number + 1);
  });

  it('uses no number for facts that the disk did not take', async () => {
    const spool = await open();
    await spool.append([fact(1)]);
    await spool.close();
    await expect(spool.append([fact(2)])).rejects.toMatchObject({ code: 'not-ready' });
    expect(spool.lastSeq).toBe(1);
  });

  it('has every fact whose append was answered after a kill -9', async () => {
    const program = fileURLToPath(new URL('../../test/spool-writer.mjs', import.meta.url));
    const writer = spawn(process.execPath, [program, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    let answered = 0;
    for await (const line of createInterface({ input: writer.stdout })) {
      answered = Number(line);
      if (answered >= 200) break;
    }
    writer.kill('SIGKILL');
    await once(writer, 'exit');
    const spool = await open();
    expect(spool.isNew).toBe(false);
    expect(spool.lastSeq).toBeGreaterThanOrEqual(answered);
    const all: number[] = [];
    while (all.length < spool.lastSeq) all.push(...numbersOf(await spool.readAfter(all.length, 100)));
    expect(all).toEqual(Array.from({ length: spool.lastSeq }, (_, index) => index + 1));
  });

  it('does not take an empty or foreign file for a segment', async () => {
    const spool = await open();
    await spool.append([fact(1)]);
    await spool.close();
    await writeFile(join(folder, 'notes.txt'), 'hello');
    await appendFile(join(folder, 'epoch.json'), '');
    expect((await open()).lastSeq).toBe(1);
  });

  it('begins a new epoch when its own name is lost', async () => {
    const spool = await open();
    await spool.append([fact(1)]);
    await spool.close();
    await truncate(join(folder, 'epoch.json'), 3);
    expect((await open()).isNew).toBe(true);
  });
});
