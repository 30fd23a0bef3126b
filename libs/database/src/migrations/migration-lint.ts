import { splitStatements, type SqlStatement } from './sql-statements.js';

/** Why a migration would not run the same on CockroachDB and PostgreSQL. */
export interface LintFinding {
  /** Line of the file, from 1, on which the statement starts. */
  line: number;
  message: string;
}

interface Rule {
  pattern: RegExp;
  message: string;
}

/** The words where a type stands: after a column's name or `::`. A column may be called `serial`. */
const asType = (words: string): RegExp =>
  new RegExp(`(?:(?<!\\b(?:EXISTS|COLUMN|BY|TO))(?<=[\\w"])\\s+|::\\s*)(?:${words})\\b`, 'i');

/** Each is a difference between the two databases, or something only one of them has. */
const RULES: readonly Rule[] = [
  {
    pattern: asType('INTEGER|INT|BIGINT|SMALLINT|INT2'),
    message: 'write INT4 or INT8: INTEGER has 64 bits on CockroachDB',
  },
  {
    pattern: new RegExp(
      `${asType('(?:SMALL|BIG)?SERIAL[248]?').source}|\\bAS\\s+IDENTITY\\b|\\bSEQUENCE\\b|\\bNEXTVAL\\b`,
      'i',
    ),
    message: 'no SERIAL, identity or sequence: use a UUID, or number rows in the program',
  },
  { pattern: asType('VARCHAR|CHARACTER|CHAR|BPCHAR|CITEXT'), message: 'write TEXT' },
  { pattern: asType('TIMESTAMP'), message: 'write TIMESTAMPTZ(3)' },
  { pattern: asType('JSON'), message: 'write JSONB' },
  {
    pattern: asType('MONEY|XML|CIDR|MACADDR8?|HSTORE|TSVECTOR|POINT'),
    message: 'CockroachDB lacks this type',
  },
  { pattern: /\b(?:UN)?LISTEN\b|\bNOTIFY\b/i, message: 'CockroachDB has no LISTEN and NOTIFY' },
  { pattern: /\bpg_(?:try_)?advisory_/i, message: 'CockroachDB has no advisory locks: lock a row' },
  { pattern: /^\s*LOCK\b/i, message: 'CockroachDB has no LOCK TABLE: lock a row' },
  { pattern: /\$\w*\$/, message: 'no dollar quotes: there are no functions or DO blocks' },
  { pattern: /^\s*DO\b/i, message: 'CockroachDB has no DO blocks everywhere' },
  {
    pattern:
      /\bCREATE\s+(?:OR\s+REPLACE\s+)?(?:CONSTRAINT\s+)?(?:TRIGGER|FUNCTION|PROCEDURE|RULE|EXTENSION|DOMAIN|AGGREGATE|OPERATOR|COLLATION)\b/i,
    message: 'no triggers, functions, rules or extensions: the program does that',
  },
  { pattern: /\bCREATE\s+TYPE\b/i, message: 'enumerations are TEXT with a CHECK constraint' },
  { pattern: /\buuid_generate_\w+|\buuidv[47]\b/i, message: 'write gen_random_uuid()' },
  {
    pattern:
      /\bCONCURRENTLY\b|\bUNLOGGED\b|\bTABLESPACE\b|\bINHERITS\b|\bDEFERRABLE\b|\bEXCLUDE\s+USING\b|\bPARTITION\s+BY\b/i,
    message: 'only PostgreSQL has this',
  },
  {
    pattern: /\bINTERLEAVE\b|\bFAMILY\s*\(|\bLOCALITY\b|\bSTORING\b|\bUSING\s+HASH\b/i,
    message: 'only CockroachDB has this',
  },
  {
    pattern: /^\s*(?:BEGIN|START\s+TRANSACTION|COMMIT|END|ROLLBACK|SAVEPOINT)\b/i,
    message: 'the runner makes the transactions',
  },
  { pattern: /(?:^|[\s(,=])E'/i, message: "no E'…' strings: their backslashes split differently" },
  {
    pattern:
      /^\s*CREATE\s+(?:UNIQUE\s+)?(?:TABLE|INDEX|SCHEMA|VIEW)\s+(?!IF\s+NOT\s+EXISTS\b)|\bADD\s+COLUMN\s+(?!IF\s+NOT\s+EXISTS\b)/i,
    message: 'write IF NOT EXISTS: a statement must be able to run again',
  },
  {
    pattern: /\bDROP\s+(?:TABLE|INDEX|COLUMN|CONSTRAINT|VIEW|SCHEMA)\s+(?!IF\s+EXISTS\b)/i,
    message: 'write IF EXISTS: a statement must be able to run again',
  },
];

const DATA = /^\s*(?:INSERT|UPDATE|DELETE|UPSERT|MERGE|TRUNCATE|COPY|WITH|SELECT)\b/i;

function mixing(statements: readonly SqlStatement[]): LintFinding[] {
  const first = statements[0];
  if (first === undefined) return [{ line: 1, message: 'the migration has no statement' }];
  const startsWithData = DATA.test(first.code);
  const other = statements.find((statement) => DATA.test(statement.code) !== startsWithData);
  if (other === undefined) return [];
  return [{ line: other.line, message: 'tables and data change in separate migrations' }];
}

/**
 * What in a migration's SQL CockroachDB and PostgreSQL would not do alike. No CockroachDB runs our tests everywhere;
 * this stands in. Empty when the migration is fine.
 */
export function lintMigration(sql: string): LintFinding[] {
  const statements = splitStatements(sql);
  const findings = statements.flatMap((statement) =>
    RULES.filter((rule) => rule.pattern.test(statement.code)).map((rule) => ({
      line: statement.line,
      message: rule.message,
    })),
  );
  return [...findings, ...mixing(statements)];
}
