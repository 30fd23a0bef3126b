import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocuments, readDocuments } from './documents.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-documents-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const network = (name: string): string => `kind: Network\nmetadata: { name: ${name} }\n`;

describe('the documents of', () => {
  it('a file are told apart, each with its line, and a List is its items', async () => {
    const path = file(
      'lab.yaml',
      `# ours\n${network('a')}---\n---\nkind: List\nitems:\n  - { kind: Role, metadata: { name: r } }\n`,
    );
    const documents = await readDocuments([path]);
    expect(documents.map(({ where, value }) => [where.slice(folder.length + 1), value['kind']])).toEqual([
      ['lab.yaml:2', 'Network'],
      ['lab.yaml:6', 'Role'],
    ]);
  });

  it('JSON are the same', async () => {
    const path = file('lab.json', '{"kind":"Network","metadata":{"name":"a"}}');
    expect((await readDocuments([path]))[0]?.value).toEqual({ kind: 'Network', metadata: { name: 'a' } });
  });

  it('a folder are those of its files, in order; below it only when asked', async () => {
    file('b.yaml', network('b'));
    file('a.yml', network('a'));
    file('notes.txt', 'not: yaml: at all');
    mkdirSync(join(folder, 'deep'));
    writeFileSync(join(folder, 'deep/c.json'), '{"kind":"Network","metadata":{"name":"c"}}');
    const names = async (recursive: boolean) =>
      (await readDocuments([folder], { recursive })).map(
        ({ value }) => (value['metadata'] as { name: string }).name,
      );
    expect(await names(false)).toEqual(['a', 'b']);
    expect(await names(true)).toEqual(['a', 'b', 'c']);
  });

  it('standard input are read there', async () => {
    const documents = await readDocuments(['-'], { stdin: () => Promise.resolve(network('a')) });
    expect(documents[0]?.where).toBe('standard input:1');
  });

  it('two files may not name one resource twice', async () => {
    const paths = [file('a.yaml', network('a')), file('b.yaml', network('a'))];
    await expect(readDocuments(paths)).rejects.toThrow(
      /b\.yaml:1: Network a is there twice, also at .*a\.yaml:1/,
    );
  });
});

describe('what is no document', () => {
  it.each([
    ['a: [1', /x:1:6: .*]/],
    ['a: 1\na: 2\n', /x:2:1: .*unique/],
    ['a:\n\t- b\n', /x:\d+:\d+: .*[Tt]ab/],
    ['[1, 2]', /x:1: is not a resource/],
    ['kind: List\n', /x:1: is a List without items/],
    ['kind: List\nitems: [3]\n', /x:1: is not a resource/],
    ['a: *nowhere\n', /x:1.*: .*nowhere/],
    [
      `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
        .split('')
        .map(
          (key, index) =>
            `${key}: &${key} [${Array(9)
              .fill(`*${'abcdefgh'.charAt(index)}`)
              .join(',')}]`,
        )
        .join('\n')}\n`,
      /x:1: .*alias/,
    ],
  ])('%j is refused with its place', (text, message) => {
    expect(() => parseDocuments(text, 'x')).toThrow(message);
  });

  it('is nothing when the text is empty', () => {
    expect(parseDocuments('', 'x')).toEqual([]);
    expect(parseDocuments('# only a remark\n---\n', 'x')).toEqual([]);
  });

  it('is not read when it is too large', async () => {
    const path = file('large.yaml', `a: ${'x'.repeat(17 * 1024 * 1024)}`);
    await expect(readDocuments([path])).rejects.toMatchObject({ code: 'too-large' });
  });
});
