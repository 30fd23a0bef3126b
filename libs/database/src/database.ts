import { setTimeout as wait } from 'node:timers/promises';
import { PrismaPg } from '@prisma/adapter-pg';
import { LabError } from '@lab/domain';
import pg from 'pg';
import { asDatabaseError, databaseAddress } from './database-errors.js';
import { Prisma, PrismaClient } from './generated/client.js';
import { retrySerializable } from './transaction-retry.js';

export interface DatabaseOptions {
  /** `postgresql://user:password@host:port/database`; CockroachDB speaks the same. */
  url: string;
  /** Connections at most. */
  poolSize?: number;
  /** Shown in the database's list of sessions. */
  applicationName?: string;
  /** How long to wait for a connection, whether to the server or for a free one. */
  connectTimeoutMs?: number;
  /** The server ends a statement that takes longer. */
  statementTimeoutMs?: number;
  /** Called with the SQL of every statement that Prisma sends, transaction control included. For tests; costs time. */
  onStatement?: (sql: string) => void;
}

/** What reads rows by SQL: the client, a transaction, or `Database.reader`. */
export interface SqlReader {
  $queryRaw: <T = unknown>(query: TemplateStringsArray | Prisma.Sql, ...values: unknown[]) => PromiseLike<T>;
}

/** The client inside a transaction: the models and raw SQL, nothing that ends or begins one. */
export type TransactionClient = Prisma.TransactionClient;

export interface TransactionOptions {
  /**
   * `serializable` unless said otherwise: what was read is still so at the commit. `read-committed` is for appending
   * facts that depend on nothing read; CockroachDB may raise it to serializable.
   */
  isolation?: 'serializable' | 'read-committed';
  /** How often the work is tried at most when it can't be serialized with others. */
  attempts?: number;
  /** How long one try may take. */
  timeoutMs?: number;
}

export interface DatabaseStatistics {
  statements: number;
  /** That they took in all, their answers included. */
  seconds: number;
  connections: number;
  idle: number;
  /** Statements that wait for a connection. */
  waiting: number;
}

/** A database and its connections. */
export interface Database {
  /** For reads, and for writes of a single statement. Several writes that belong together are a `transaction`. */
  readonly client: PrismaClient;
  /** Reads straight from the connections, some times faster than `client` for many rows. `int8` comes as text. */
  readonly reader: SqlReader;
  /** `host:port/database`, for messages. */
  readonly address: string;
  /**
   * Runs `work` as one transaction and commits it. On a serialization failure it runs **again** from the start: it must
   * do nothing outside the database. Throws LabError `database-unavailable` when the database is away, and what `work`
   * throws, after a rollback.
   */
  transaction: <T>(work: (tx: TransactionClient) => Promise<T>, options?: TransactionOptions) => Promise<T>;
  /** What was sent so far, and the connections now. */
  statistics: () => DatabaseStatistics;
  /** One round trip. Throws LabError `database-unavailable`. */
  ping: () => Promise<void>;
  /** Closes all connections; what runs is finished first. May be called again. */
  close: () => Promise<void>;
}

const DEFAULTS = {
  poolSize: 10,
  connectTimeoutMs: 10_000,
  statementTimeoutMs: 30_000,
  attempts: 40,
  timeoutMs: 20_000,
};

/**
 * Opens a database for use; connects with the first statement. Errors of `client` that mean "away" are Prisma's own:
 * `asDatabaseError` translates them. Throws LabError `invalid` for a URL that is none.
 */
export function createDatabase(options: DatabaseOptions): Database {
  const url = checkedUrl(options.url);
  const connectTimeoutMs = options.connectTimeoutMs ?? DEFAULTS.connectTimeoutMs;
  const statementTimeoutMs = options.statementTimeoutMs ?? DEFAULTS.statementTimeoutMs;
  const pool = new pg.Pool({
    connectionString: url,
    max: options.poolSize ?? DEFAULTS.poolSize,
    application_name: options.applicationName ?? 'lab',
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: statementTimeoutMs,
    keepAlive: true,
  });
  pool.on('error', () => {
    // An idle connection broke. The pool has dropped it already, and the next statement opens another.
  });
  const sent = countStatements(pool);
  const client = createClient(pool, options.onStatement);
  let closing: Promise<void> | undefined;

  const translated = <T>(run: () => Promise<T>): Promise<T> =>
    run().catch((error: unknown) => {
      throw asDatabaseError(error, url) ?? error;
    });

  return {
    client,
    reader: {
      $queryRaw: <T>(query: TemplateStringsArray | Prisma.Sql, ...values: unknown[]) =>
        translated(async () => {
          const { text, values: parameters } = 'raw' in query ? Prisma.sql(query, ...values) : query;
          options.onStatement?.(text);
          return (await pool.query(text, parameters)).rows as T;
        }),
    },
    address: databaseAddress(url),
    transaction: (work, { isolation = 'serializable', attempts = DEFAULTS.attempts, timeoutMs } = {}) =>
      translated(() =>
        retrySerializable(
          () =>
            client.$transaction(work, {
              isolationLevel: isolation === 'serializable' ? 'Serializable' : 'ReadCommitted',
              maxWait: connectTimeoutMs,
              timeout: timeoutMs ?? DEFAULTS.timeoutMs,
            }),
          { attempts, random: Math.random, wait: (milliseconds) => wait(milliseconds) },
        ),
      ),
    statistics: () => ({
      ...sent,
      connections: pool.totalCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
    }),
    ping: () =>
      translated(async () => {
        await client.$queryRaw`SELECT 1`;
      }),
    close: () => (closing ??= client.$disconnect().then(() => pool.end())),
  };
}

/** Counts what goes over every connection, whoever sends it. */
function countStatements(pool: pg.Pool): { statements: number; seconds: number } {
  const sent = { statements: 0, seconds: 0 };
  pool.on('connect', (connection) => {
    const query = connection.query.bind(connection) as (...args: unknown[]) => unknown;
    const counted = (...args: unknown[]): unknown => {
      const begin = performance.now();
      const result = query(...args);
      if (result instanceof Promise) {
        sent.statements += 1;
        const done = (): void => {
          sent.seconds += (performance.now() - begin) / 1000;
        };
        result.then(done, done);
      }
      return result;
    };
    connection.query = counted as typeof connection.query;
  });
  return sent;
}

function createClient(pool: pg.Pool, onStatement: DatabaseOptions['onStatement']): PrismaClient {
  const adapter = new PrismaPg(pool);
  if (onStatement === undefined) return new PrismaClient({ adapter });
  const client = new PrismaClient({ adapter, log: [{ emit: 'event', level: 'query' }] });
  client.$on('query', (event) => {
    onStatement(event.query);
  });
  return client;
}

function checkedUrl(url: string): string {
  if (/^postgres(?:ql)?:\/\//.test(url) && URL.canParse(url)) return url;
  // The value isn't shown: it may hold a password.
  throw new LabError('invalid', 'the database URL is not one of PostgreSQL or CockroachDB', {
    hint: 'Write postgresql://user:password@host:port/database.',
  });
}
