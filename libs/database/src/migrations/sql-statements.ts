/** A statement of a migration, with the line (from 1) of the file that it starts on. */
export interface SqlStatement {
  line: number;
  /** As written, without the closing semicolon and without comments before it. */
  text: string;
  /** The same with comments and the insides of literals blanked: what may be searched for keywords. */
  code: string;
}

const ENDS: Readonly<Record<string, string>> = { "'": "'", '"': '"', '--': '\n', '/*': '*/' };

/** The file with comments and the insides of quotes blanked, every line and column where it was. */
function blank(sql: string): string {
  let code = '';
  let position = 0;
  while (position < sql.length) {
    const two = sql.slice(position, position + 2);
    const open = two in ENDS ? two : sql.charAt(position);
    const end = ENDS[open];
    if (end === undefined) {
      code += open;
      position += 1;
      continue;
    }
    const found = sql.indexOf(end, position + open.length);
    const close = found < 0 ? sql.length : found;
    const after = Math.min(sql.length, close + end.length);
    const quoted = open === "'" || open === '"';
    for (let at = position; at < after; at += 1) {
      const character = sql.charAt(at);
      const kept = character === '\n' || (quoted && (at === position || at === close));
      code += kept ? character : ' ';
    }
    position = after;
  }
  return code;
}

/**
 * The statements of a migration. Knows quotes and comments; a doubled quote reads as two literals side by side, which
 * splits the same. Dollar quotes are no SQL of ours: `lintMigration` refuses them.
 */
export function splitStatements(sql: string): SqlStatement[] {
  const code = blank(sql);
  const statements: SqlStatement[] = [];
  let from = 0;
  while (from < sql.length) {
    const semicolon = code.indexOf(';', from);
    const to = semicolon < 0 ? sql.length : semicolon;
    const piece = code.slice(from, to);
    const start = from + (piece.length - piece.trimStart().length);
    const end = from + piece.trimEnd().length;
    if (start < end) {
      const line = sql.slice(0, start).split('\n').length;
      statements.push({ line, text: sql.slice(start, end), code: code.slice(start, end) });
    }
    from = to + 1;
  }
  return statements;
}
