import { describe, expect, it } from '@jest/globals';
import { RESOURCE_KINDS } from '@lab/domain';
import { EXIT } from '../cli-error.js';
import { parseSelections, parseServerRef } from './selection.js';

const select = (...args: string[]) =>
  parseSelections(args, RESOURCE_KINDS, 'get').map(({ kind, refs }) => [kind.singular, refs]);

describe('the arguments of get', () => {
  it.each([
    [['servers'], [['server', []]]],
    [['SRV'], [['server', []]]],
    [['server', 'a', 'b', 'a'], [['server', ['a', 'b']]]],
    [
      ['servers,bastions'],
      [
        ['server', []],
        ['bastion', []],
      ],
    ],
    [['srv,servers'], [['server', []]]],
    [
      ['server/a', 'bastion/b', 'srv/c'],
      [
        ['server', ['a', 'c']],
        ['bastion', ['b']],
      ],
    ],
    [['server', '52:54:00:12:34:56'], [['server', ['52:54:00:12:34:56']]]],
  ])('%j mean %j', (args, selected) => {
    expect(select(...args)).toEqual(selected);
  });

  it.each([
    [[], 'get what?'],
    [['rack'], 'there is no resource type "rack"'],
    [['servers,'], 'there is no resource type ""'],
    [['servers,bastions', 'a'], 'servers,bastions: several types and names do not go together'],
    [['server/a', 'b'], '"b" has no type, and other arguments have'],
    [['server/'], '"server/" is not TYPE/NAME'],
    [['server/a/b'], '"server/a/b" is not TYPE/NAME'],
    [['server', ''], 'the name of a server is empty'],
  ])('%j are wrong usage: %s', (args, message) => {
    expect(() => select(...args)).toThrow(expect.objectContaining({ message, exitCode: EXIT.usage }));
  });

  it('say which types a verb has', () => {
    expect(() => parseSelections(['bastions'], RESOURCE_KINDS, 'provision')).toThrow(
      expect.objectContaining({ hint: 'Types: servers (srv).' }),
    );
  });
});

describe('the argument of a command about one server', () => {
  it.each([
    [['node1'], 'node1'],
    [['server/node1'], 'node1'],
    [['SRV', 'node1'], 'node1'],
    [['server'], 'server'],
  ])('%j means %s', (args, ref) => {
    expect(parseServerRef(args, RESOURCE_KINDS, 'cancel')).toBe(ref);
  });

  it.each([[[]], [['']], [['bastion/a']], [['bastion', 'a']], [['a', 'b']], [['server', 'a', 'b']]])(
    '%j is wrong usage',
    (args) => {
      expect(() => parseServerRef(args, RESOURCE_KINDS, 'cancel')).toThrow(
        expect.objectContaining({ exitCode: EXIT.usage }),
      );
    },
  );
});
