import { describe, expect, it } from '@jest/globals';
import { Table } from './table.js';

describe('a table', () => {
  it('aligns its columns and has no blanks at the end of a line', () => {
    const table = new Table(['NAME', 'ROLE', 'AGE']);
    expect(
      table.lines([
        ['node1', '', '3h'],
        ['n2', 'control-plane', ''],
      ]),
    ).toEqual(['NAME    ROLE            AGE', 'node1                   3h', 'n2      control-plane']);
  });

  it('narrows its gaps where three blanks would not fit 80 columns', () => {
    const line = new Table(['A', 'B', 'C']).lines([['a'.repeat(30), 'b'.repeat(30), 'c'.repeat(15)]])[1];
    expect(line).toHaveLength(30 + 2 + 30 + 2 + 15);
  });

  it('prints its headings once, and keeps the widths of earlier pages', () => {
    const table = new Table(['NAME', 'AGE']);
    table.lines([['a-long-name', '1s']]);
    expect(table.lines([['b', '2s']])).toEqual(['b             2s']);
  });

  it('without headings is only as wide as its cells', () => {
    expect(new Table(['NAME', 'AGE'], { headings: false }).lines([['a', '1s']])).toEqual(['a   1s']);
  });
});
