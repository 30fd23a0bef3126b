import { describe, expect, it } from '@jest/globals';
import { splitStatements } from './sql-statements.js';

const texts = (sql: string): string[] => splitStatements(sql).map((statement) => statement.text);

describe('splitStatements', () => {
  it('splits at semicolons and drops what is empty', () => {
    expect(texts('SELECT 1;\n\n;SELECT 2 ;')).toEqual(['SELECT 1', 'SELECT 2']);
  });

  it('takes a last statement without a semicolon', () => {
    expect(texts('SELECT 1; SELECT 2\n')).toEqual(['SELECT 1', 'SELECT 2']);
  });

  it.each([
    ["INSERT INTO t VALUES ('a;b')"],
    ["INSERT INTO t VALUES ('it''s; fine')"],
    ['CREATE TABLE "odd;name" (id INT4)'],
    ['SELECT 1 -- not; the end\n + 2'],
    ["SELECT 1 /* nor; 'this */ + 2"],
  ])('does not split inside %s', (sql) => {
    expect(texts(`${sql};`)).toEqual([sql]);
  });

  it('leaves comments before a statement out, and says on which line it starts', () => {
    const [first, second] = splitStatements('-- head; note\n\nSELECT 1;\n-- next\nSELECT 2;');
    expect(first).toMatchObject({ line: 3, text: 'SELECT 1' });
    expect(second).toMatchObject({ line: 5, text: 'SELECT 2' });
  });

  it('shows the code without what literals and comments hold', () => {
    const [statement] = splitStatements("SELECT 'SERIAL' /* LISTEN */ FROM t -- NOTIFY");
    expect(statement?.code).not.toMatch(/SERIAL|LISTEN|NOTIFY/);
    expect(statement?.code).toContain('FROM t');
  });

  it('finds nothing in a file of comments', () => {
    expect(splitStatements('-- nothing\n/* at all */\n')).toEqual([]);
  });
});
