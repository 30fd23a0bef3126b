import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LabError } from '@lab/domain';
import type { LogBatch } from '@lab/protocol';
import { macOf, temporaryFolder } from '../../test/bastion-fixture.js';
import { forgetfulSink } from '../../test/no-labd.js';
import type { FactSink } from '../uplink/fact-sink.js';
import { InstallLogBuffer, type NewLine } from './install-log-buffer.js';

const MAC = macOf('52:54:00:00:00:01');
const line = (text: string, seq?: number): NewLine => ({
  at: '2026-11-22T10:00:00.000Z',
  source: 'anaconda',
  stage: null,
  text,
  seq,
});

describe('The log buffer of installs', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let id: string;
  let sent: LogBatch[];
  let refuses: boolean;
  let buffers: InstallLogBuffer[];

  const sink = (): FactSink => ({
    ...forgetfulSink,
    logs: (batches) => {
      if (refuses) return Promise.reject(new LabError('not-ready', 'full'));
      sent.push(...batches);
      return Promise.resolve();
    },
  });
  const open = (to: FactSink = sink(), maxLogBytes?: number): InstallLogBuffer => {
    const buffer = new InstallLogBuffer({
      sink: to,
      folderOf: (installId) => join(folder.path, installId),
      added: () => undefined,
      ...(maxLogBytes !== undefined && { maxLogBytes }),
      fileFailed: (_, error) => {
        throw error;
      },
    });
    buffers.push(buffer);
    return buffer;
  };
  const file = (): string => join(folder.path, id, 'log.ndjson');

  beforeEach(async () => {
    folder = await temporaryFolder();
    id = randomUUID();
    await mkdir(join(folder.path, id));
    sent = [];
    refuses = false;
    buffers = [];
  });
  afterEach(async () => {
    await Promise.all(buffers.map((buffer) => buffer.close()));
    await folder[Symbol.asyncDispose]();
  });

  it('ends with a line that says so when it has become too long, and refuses what comes then', async () => {
    const buffer = open(sink(), 1024 * 1024);
    const flood = Array.from({ length: 200 }, () => line('x'.repeat(8_000)));
    expect(await buffer.append(id, MAC, flood, 1)).toEqual({ accepted: 200, total: 201 });
    await expect(buffer.append(id, MAC, [line('more')], 1)).rejects.toMatchObject({ code: 'too-large' });
    const [last] = await buffer.after(id, MAC, 200, 10);
    expect(last).toMatchObject({
      number: 201,
      source: 'bastion',
      text: expect.stringContaining('reached 1 MiB'),
    });
    expect(sent.flatMap((batch) => batch.lines).at(-1)).toEqual(last);
  });

  it('numbers lines that come at once from 1, without gaps, and sends them as few facts', async () => {
    const buffer = open();
    await Promise.all(
      Array.from({ length: 200 }, (_, index) => buffer.append(id, MAC, [line(`${index}`)], 1)),
    );
    const numbers = sent.flatMap((batch) => batch.lines.map((one) => one.number));
    expect(numbers).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
    expect(sent.length).toBeLessThan(10);
  });

  it('makes no fact with more than 500 lines or half a megabyte', async () => {
    const buffer = open();
    await buffer.append(
      id,
      MAC,
      Array.from({ length: 1_000 }, () => line('x')),
      1,
    );
    await buffer.append(
      id,
      MAC,
      Array.from({ length: 200 }, () => line('€'.repeat(8_000))),
      1,
    );
    expect(Math.max(...sent.map((batch) => batch.lines.length))).toBeLessThanOrEqual(500);
    expect(Math.max(...sent.map((batch) => Buffer.byteLength(JSON.stringify(batch))))).toBeLessThan(600_000);
  });

  it('keeps the newest 2,000 lines of a machine in memory and all in the file', async () => {
    const buffer = open();
    for (let part = 0; part < 3; part += 1) {
      await buffer.append(
        id,
        MAC,
        Array.from({ length: 1_000 }, (_, index) => line(`${part * 1_000 + index}`)),
        1,
      );
    }
    const old = await buffer.after(id, MAC, 0, 5);
    expect(old.map((one) => one.text)).toEqual(['0', '1', '2', '3', '4']);
    expect((await buffer.after(id, MAC, 2_998, 5)).map((one) => one.number)).toEqual([2_999, 3_000]);
    expect((await readFile(file(), 'utf8')).trim().split('\n')).toHaveLength(3_000);
  });

  it('goes on numbering and knows repeats after a restart, though the last line was torn', async () => {
    const buffer = open();
    await buffer.append(id, MAC, [line('a', 1), line('b', 2), line('c', 3)], 1);
    await buffer.close();
    await appendFile(file(), '{"number":4,"at":"2026-');
    const again = open();
    expect(await again.append(id, MAC, [line('b', 2), line('c', 3), line('d', 4)], 1)).toEqual({
      accepted: 1,
      total: 4,
    });
    expect((await again.after(id, MAC, 0, 10)).map((one) => one.text)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('takes the same numbers of a source again after another boot of the install', async () => {
    const buffer = open();
    await buffer.append(id, MAC, [line('first boot', 1)], 1);
    expect(await buffer.append(id, MAC, [line('second boot', 1)], 2)).toEqual({ accepted: 1, total: 2 });
    expect(await buffer.append(id, MAC, [line('second boot', 1)], 2)).toEqual({ accepted: 0, total: 2 });
  });

  it('drops repeats that come at once', async () => {
    const buffer = open();
    const results = await Promise.all(
      [1, 2, 3].map(() => buffer.append(id, MAC, [line('a', 1), line('b', 2)], 1)),
    );
    expect(results.map(({ accepted }) => accepted)).toEqual([2, 0, 0]);
  });

  it('uses up no number and no seq for lines that were refused', async () => {
    const buffer = open();
    await buffer.append(id, MAC, [line('a', 1)], 1);
    refuses = true;
    await expect(buffer.append(id, MAC, [line('b', 2)], 1)).rejects.toMatchObject({ code: 'not-ready' });
    refuses = false;
    expect(await buffer.append(id, MAC, [line('b', 2)], 1)).toEqual({ accepted: 1, total: 2 });
    expect(sent.flatMap((batch) => batch.lines.map((one) => one.number))).toEqual([1, 2]);
  });

  it('gets lines back from the spool that a power cut took from the file', async () => {
    const buffer = open();
    await buffer.append(id, MAC, [line('a'), line('b'), line('c')], 1);
    await buffer.close();
    const first = (await readFile(file(), 'utf8')).split('\n')[0] ?? '';
    await truncate(file(), first.length + 1);
    const again = open();
    for (const batch of sent) await again.restore(batch);
    expect((await again.after(id, MAC, 0, 10)).map((one) => one.text)).toEqual(['a', 'b', 'c']);
    expect(await again.append(id, MAC, [line('d')], 1)).toEqual({ accepted: 1, total: 4 });
  });
});
