import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { changeText, documentText, resourceName } from './document.js';

const server = { kind: 'Server', metadata: { name: 'node1' }, future: [1, { deep: null }] };

describe('a document', () => {
  it('keeps every field in JSON and in YAML', () => {
    expect(JSON.parse(documentText(server, 'json'))).toEqual(server);
    expect(parse(documentText(server, 'yaml'))).toEqual(server);
  });

  it('in YAML repeats what occurs twice, and brings no escape sequence to the terminal', () => {
    const twice = { one: server, other: server, hostile: '\u001b[31m\u009b31m\u202e' };
    const yaml = documentText(twice, 'yaml');
    expect(parse(yaml)).toEqual(twice);
    expect(yaml).not.toMatch(/[\u001b\u009b\u202e]|&a/);
  });
});

describe('a change', () => {
  it.each([
    ['table', 'server/node1 provisioning\n'],
    ['wide', 'server/node1 provisioning\n'],
    ['name', 'server/node1\n'],
  ] as const)('prints with -o %s as %j', (format, text) => {
    expect(changeText(server, 'server', 'provisioning', format)).toBe(text);
  });

  it('names a resource without a name by its ID', () => {
    expect(resourceName({ metadata: { id: '7' } }, 'server')).toBe('server/7');
  });
});
