import { describe, expect, it } from '@jest/globals';
import { JsonPathTemplate, parsePath } from './json-path.js';

const LIST = {
  items: [
    {
      metadata: { name: 'node1', labels: { 'lab.example/rack': 'a1' } },
      spec: { role: 'worker', cpus: 4 },
      tags: ['x', 'y', 'z'],
    },
    { metadata: { name: 'node2', labels: {} }, spec: { role: null, cpus: 16 }, tags: [] },
  ],
};

describe('a JSONPath template', () => {
  it.each([
    ['{.items[*].metadata.name}', 'node1 node2'],
    ['{.items..name}', 'node1 node2'],
    ['names: {.items[0].metadata.name}!', 'names: node1!'],
    ['{range .items[*]}{.metadata.name}{"\\t"}{.spec.cpus}{"\\n"}{end}', 'node1\t4\nnode2\t16\n'],
    ['{.items[-1].metadata.name}', 'node2'],
    ['{.items[0].tags[1:]}', 'y z'],
    ['{.items[0].tags[:2]}', 'x y'],
    ['{.items[0].tags}', '["x","y","z"]'],
    ["{.items[0].metadata.labels['lab.example/rack']}", 'a1'],
    ['{.items[0].metadata.labels.lab\\.example/rack}', undefined],
    ['{.items[?(@.spec.role=="worker")].metadata.name}', 'node1'],
    ["{.items[?(@.spec.role!='worker')].metadata.name}", 'node2'],
    ['{.items[?(@.spec.cpus>=8)].metadata.name}', 'node2'],
    ['{.items[?(@.tags[0])].metadata.name}', 'node1'],
    ['{.items[1].spec.role}', 'null'],
    ['{.nothing.here}', ''],
    ['{\'}\'}{"{"}', '}{'],
    ['{.items[*].spec.*}', 'worker 4 null 16'],
    ['{range .items[*]}{range .tags[*]}{@}-{end};{end}', 'x-y-z-;;'],
  ])('%s', (template, text) => {
    if (text === undefined) expect(() => new JsonPathTemplate(template)).toThrow('no step of a path');
    else expect(new JsonPathTemplate(template).text(LIST)).toBe(text);
  });

  it.each([
    ['{.items', 'a { that is not closed, at character 1'],
    ['{range .items[*]}x', '{range} without {end}'],
    ['x{end}', '{end} without {range}'],
    ['{.a[x}', '"[x" is no step'],
    ['{.a[?(b==1)]}', '"b==1" is no condition'],
    ['{.a[?(@.b==c)]}', 'c is neither a number nor in quotes'],
  ])('refuses %s', (template, message) => {
    expect(() => new JsonPathTemplate(template)).toThrow(message);
  });
});

describe('a path', () => {
  it.each(['.metadata.name', 'metadata.name', '{.metadata.name}', '{metadata.name}'])('%s', (path) => {
    expect(parsePath(path)(LIST.items[0])).toEqual(['node1']);
  });
  it('reads no prototype', () => {
    expect(parsePath('.constructor.name')({})).toEqual([]);
  });
});
