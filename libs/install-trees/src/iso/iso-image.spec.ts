import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LabError } from '@lab/domain';
import { IsoImage } from './iso-image.js';

const BLOCK = 2048;
const ROOT = 18;
const DATA = 20;

interface Entry {
  name: string;
  block?: number;
  size?: number;
  flags?: number;
  /** The System Use area. */
  use?: Buffer;
  unit?: number;
}

const entry = (signature: string, ...body: Buffer[]): Buffer => {
  const data = Buffer.concat(body);
  return Buffer.concat([Buffer.from(signature), Buffer.from([data.length + 4, 1]), data]);
};
const both = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(value, 0);
  bytes.writeUInt32BE(value, 4);
  return bytes;
};
const named = (name: string): Buffer => entry('NM', Buffer.from([0]), Buffer.from(name));

/** ECMA-119 §9.1 */
function record({
  name,
  block = DATA,
  size = 10,
  flags = 0,
  use = Buffer.alloc(0),
  unit = 0,
}: Entry): Buffer {
  const text = Buffer.from(name, 'latin1');
  const pad = (text.length + 1) % 2;
  const bytes = Buffer.alloc(33 + text.length + pad);
  both(block).copy(bytes, 2);
  both(size).copy(bytes, 10);
  bytes.writeUInt8(flags, 25);
  bytes.writeUInt8(unit, 26);
  bytes.writeUInt8(text.length, 32);
  text.copy(bytes, 33);
  const whole = Buffer.concat([bytes, use, Buffer.alloc(use.length % 2)]);
  whole.writeUInt8(whole.length, 0);
  return whole;
}

/** An image with these records in its root, and what else has to stand in some block. */
function image(records: readonly Buffer[], blocks: Readonly<Record<number, Buffer>> = {}): Buffer {
  const bytes = Buffer.alloc(40 * BLOCK);
  const descriptor = bytes.subarray(16 * BLOCK);
  descriptor.write('\u0001CD001\u0001', 0, 'latin1');
  both(40).copy(descriptor, 80);
  descriptor.writeUInt16LE(BLOCK, 128);
  const own = record({ name: '\0', block: ROOT, size: BLOCK, flags: 2 });
  own.copy(descriptor, 156);
  const up = record({ name: '\u0001', block: ROOT, size: BLOCK, flags: 2 });
  Buffer.concat([own, up, ...records]).copy(bytes, ROOT * BLOCK);
  for (const [block, content] of Object.entries(blocks)) content.copy(bytes, Number(block) * BLOCK);
  return bytes;
}

/** The same, with a root that says it has so many bytes. */
function withRootOf(size: number, bytes: Buffer): Buffer {
  bytes.writeUInt32LE(size, 16 * BLOCK + 156 + 10);
  return bytes;
}

describe('an ISO image', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lab-iso-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function read(bytes: Buffer): Promise<Map<string, string>> {
    const file = join(folder, 'image.iso');
    await writeFile(file, bytes);
    const iso = await IsoImage.open(file);
    try {
      const found = new Map<string, string>();
      for (const one of (await iso.files()).values()) {
        const chunks: Buffer[] = [];
        for await (const chunk of iso.content(one)) chunks.push(chunk);
        found.set(one.path, Buffer.concat(chunks).toString('latin1'));
      }
      return found;
    } finally {
      await iso.close();
    }
  }
  const refused = async (bytes: Buffer): Promise<string> => {
    const error: unknown = await read(bytes).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(LabError);
    return (error as LabError).message;
  };

  it('has the names that Rock Ridge says, also where they go on elsewhere, and the short ones without it', async () => {
    const rest = entry('NM', Buffer.from([0]), Buffer.from('-and-its-end'));
    const goesOn = Buffer.concat([
      entry('NM', Buffer.from([1]), Buffer.from('A long name')),
      entry('CE', both(30), both(16), both(rest.length)),
    ]);
    const found = await read(
      image([record({ name: 'LONG.;1', use: goesOn }), record({ name: 'TREEINFO.;1' })], {
        30: Buffer.concat([Buffer.alloc(16), rest]),
        [DATA]: Buffer.from('0123456789'),
      }),
    );
    expect([...found]).toEqual([
      ['A long name-and-its-end', '0123456789'],
      ['treeinfo', '0123456789'],
    ]);
  });

  it('has files in several pieces, as those over 4 GiB are', async () => {
    const found = await read(
      image(
        [
          record({ name: 'BIG.;1', flags: 0x80, size: BLOCK }),
          record({ name: 'BIG.;1', block: 25, size: 3 }),
          record({ name: 'NEXT.;1', block: 26, size: 1 }),
        ],
        { [DATA]: Buffer.alloc(BLOCK, 'a'), 25: Buffer.from('end'), 26: Buffer.from('n') },
      ),
    );
    expect(found.get('big')).toBe(`${'a'.repeat(BLOCK)}end`);
    expect(found.get('next')).toBe('n');
  });

  it('has no links, devices or packed files', async () => {
    const link = Buffer.concat([named('link'), entry('SL', Buffer.from([0, 0, 0]))]);
    const device = Buffer.concat([named('null'), entry('PX', both(0o020666), both(1), both(0), both(0))]);
    expect(await read(image([record({ name: 'A', use: link }), record({ name: 'B', use: device })]))).toEqual(
      new Map(),
    );
  });

  const moved = (block: number): Buffer => Buffer.concat([named('deep'), entry('CL', both(block))]);
  it.each<[string, Buffer, RegExp]>([
    [
      'a folder inside of itself',
      image([record({ name: 'D', block: ROOT, size: BLOCK, flags: 2 })]),
      /inside of itself/,
    ],
    [
      'a moved folder that is its own parent',
      image([record({ name: 'D', use: moved(ROOT) })]),
      /inside of itself/,
    ],
    [
      'a moved folder beyond the end',
      image([record({ name: 'D', use: moved(0xffffff) })]),
      /reaches beyond its end/,
    ],
    [
      'a file beyond the end',
      image([record({ name: 'F', block: 39, size: BLOCK + 1 })]),
      /reaches beyond its end/,
    ],
    [
      'a name that leads up',
      image([record({ name: 'F', use: named('../../etc/passwd') })]),
      /has a file named/,
    ],
    ['a name that is ..', image([record({ name: 'F', use: named('..') })]), /has a file named/],
    ['a name with a line in it', image([record({ name: 'F', use: named('a\nb') })]), /has a file named/],
    ['an absolute name', image([record({ name: 'F', use: named('/etc/passwd') })]), /has a file named/],
    ['one name twice', image([record({ name: 'F' }), record({ name: 'F' })]), /"f" twice/],
    ['an interleaved file', image([record({ name: 'F', unit: 1 })]), /interleaved/],
    ['a piece without a last one', image([record({ name: 'F', flags: 0x80 })]), /no last piece/],
    [
      'an area that goes on in itself',
      image([record({ name: 'F', use: entry('CE', both(30), both(0), both(28)) })], {
        30: entry('CE', both(30), both(0), both(28)),
      }),
      /goes on without end/,
    ],
    [
      'an entry that is longer than its area',
      image([record({ name: 'F', use: Buffer.from([0x4e, 0x4d, 200, 1]) })]),
      /reaches beyond its area/,
    ],
    [
      'an entry that is too short',
      image([record({ name: 'F', use: Buffer.from([0x43, 0x45, 4, 1]) })]),
      /damaged/,
    ],
    [
      'a record that is longer than its folder',
      withRootOf(70, image([record({ name: 'F' })])),
      /reaches beyond it/,
    ],
    ['a descriptor of nothing', Buffer.alloc(40 * BLOCK), /no ISO 9660 volume descriptor/],
    ['an end before the descriptor', Buffer.alloc(100), /no ISO 9660 volume descriptor/],
    ['an end before its own', image([]).subarray(0, 30 * BLOCK), /is cut off: it has 61440 of 81920 bytes/],
  ])('is refused with %s', async (_, bytes, says) => {
    expect(await refused(bytes)).toMatch(says);
  });
});
