import { LabError } from '@lab/domain';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

/**
 * The error itself and what it was made from. Prisma 7 puts a driver's error in `meta.driverAdapterError`, whose `cause`
 * is a plain object `{kind, originalCode, originalMessage}`; node-postgres puts SQLSTATE and system codes in `code`.
 */
function layers(error: unknown): Readonly<Record<string, unknown>>[] {
  const found: Readonly<Record<string, unknown>>[] = [];
  const queue: unknown[] = [error];
  while (queue.length > 0 && found.length < 12) {
    const next = queue.shift();
    if (!isObject(next) || found.includes(next)) continue;
    found.push(next);
    const { meta, cause, errors } = next;
    queue.push(isObject(meta) ? meta['driverAdapterError'] : undefined, cause);
    if (isList(errors)) queue.push(...errors.slice(0, 4)); // AggregateError: one per address tried.
  }
  return found;
}

const CODE_FIELDS = ['code', 'originalCode', 'errorCode', 'kind'] as const;

const codesOf = (error: unknown): string[] =>
  layers(error).flatMap((layer) =>
    CODE_FIELDS.map((field) => layer[field]).filter((code): code is string => typeof code === 'string'),
  );

/** SQLSTATE of an error from node-postgres or Prisma, if the database raised it. */
export function sqlStateOf(error: unknown): string | undefined {
  return codesOf(error).find(
    (code) => /^[0-9A-Z]{5}$/.test(code) && !/^P\d{4}$/.test(code) && !/^E[A-Z]+$/.test(code),
  );
}

const RETRY_CODES: ReadonlySet<string> = new Set(['P2034', '40001', '40P01', 'TransactionWriteConflict']);

/** Whether the transaction may simply run again: a serialization failure or a deadlock. */
export function isSerializationFailure(error: unknown): boolean {
  return codesOf(error).some((code) => RETRY_CODES.has(code));
}

/** Whether a unique index refused the write. */
export function isUniqueViolation(error: unknown): boolean {
  return codesOf(error).some((code) => code === 'P2002' || code === '23505');
}

const UNREACHABLE: ReadonlySet<string> = new Set([
  ...[
    'ECONNREFUSED',
    'ECONNRESET',
    'ENOTFOUND',
    'EAI_AGAIN',
    'ETIMEDOUT',
    'EPIPE',
    'EHOSTUNREACH',
    'ENETUNREACH',
  ],
  ...[
    'P1001',
    'P1002',
    'P1008',
    'P1017',
    'P2024',
    'DatabaseNotReachable',
    'ConnectionClosed',
    'SocketTimeout',
  ],
  ...['57P01', '57P02', '57P03', '08000', '08001', '08003', '08004', '08006'],
]);
const TOO_MANY: ReadonlySet<string> = new Set(['53300', 'P2037', 'TooManyConnections', 'P2028']);
const REFUSED: ReadonlySet<string> = new Set([
  ...['28000', '28P01', '3D000', 'P1000', 'P1003', 'P1010', 'P1011'],
  ...['AuthenticationFailed', 'DatabaseAccessDenied', 'DatabaseDoesNotExist', 'TlsConnectionError'],
]);
/** node-postgres gives these no code. */
const UNREACHABLE_MESSAGE =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Cannot use a pool after calling end/;

interface Unavailability {
  what: string;
  hint: string;
  retryAfterSeconds?: number;
}

function unavailability(error: unknown): Unavailability | undefined {
  const codes = codesOf(error);
  if (codes.some((code) => REFUSED.has(code))) {
    return { what: 'refuses us', hint: 'Check user, password, database name and TLS in DATABASE_URL.' };
  }
  if (codes.some((code) => TOO_MANY.has(code))) {
    return {
      what: 'has no connection left for us',
      hint: 'Try again; if it stays so, raise its connection limit.',
    };
  }
  if (isSerializationFailure(error)) {
    return {
      what: 'is busy: too many change the same thing at once',
      hint: 'Nothing was changed. Try again.',
      retryAfterSeconds: 1,
    };
  }
  const terminated = layers(error).some(
    ({ message }) => typeof message === 'string' && UNREACHABLE_MESSAGE.test(message),
  );
  if (terminated || codes.some((code) => UNREACHABLE.has(code))) {
    return {
      what: 'does not answer',
      hint: 'Check that it runs and that DATABASE_URL names it; then try again.',
    };
  }
  return undefined;
}

/**
 * LabError `database-unavailable` for an error that says that the database is away, refuses us, is full, or could not
 * serialize a transaction however often it was tried; undefined for any other. Works on errors of Prisma and node-postgres, for the filter that makes answers of them. `url` names the
 * database in the message, without its secrets.
 */
export function asDatabaseError(error: unknown, url?: string): LabError | undefined {
  if (error instanceof LabError) return undefined;
  const found = unavailability(error);
  if (found === undefined) return undefined;
  const where = url === undefined ? 'the database' : `the database at ${databaseAddress(url)}`;
  const { what, hint, retryAfterSeconds } = found;
  return new LabError('database-unavailable', `${where} ${what}`, {
    hint,
    cause: error,
    ...(retryAfterSeconds !== undefined && { details: { retryAfterSeconds } }),
  });
}

/** `host:port/database` of a URL: what may be shown of it. */
export function databaseAddress(url: string): string {
  try {
    const { hostname, port, pathname, searchParams } = new URL(url);
    const host = searchParams.get('host') ?? hostname;
    return `${host}${port === '' ? '' : `:${port}`}${pathname}`;
  } catch {
    return '(an address that is no URL)';
  }
}
