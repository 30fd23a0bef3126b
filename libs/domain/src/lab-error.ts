/** What a caller can do about an error decides its code; the HTTP status and the exit code follow from it. */
export const ERROR_CODES = {
  invalid: 400,
  'not-logged-in': 401,
  'not-allowed': 403,
  'not-found': 404,
  exists: 409,
  'illegal-transition': 409,
  'stale-version': 409,
  'in-use': 409,
  ambiguous: 409,
  /** A cursor that lies before what is kept. */
  gone: 410,
  'too-large': 413,
  'unsupported-media-type': 415,
  'too-many-requests': 429,
  internal: 500,
  'bastion-offline': 503,
  'database-unavailable': 503,
  'not-ready': 503,
  'timed-out': 504,
  /** This machine can't do it: a port in use, a folder not writable, a program missing. Never sent over HTTP. */
  environment: 500,
} as const satisfies Record<string, number>;

export type LabErrorCode = keyof typeof ERROR_CODES;

/** One thing wrong with one field of the input. `path` is dotted: `spec.disk.serial`. */
export interface FieldError {
  path: string;
  message: string;
}

export interface LabErrorOptions {
  /** What to do about it: one sentence, imperative. */
  hint?: string;
  /** Every field that was wrong, for input errors. */
  errors?: readonly FieldError[];
  /** Facts for programs: candidates of an ambiguous name, the current version … JSON values only, no secrets. */
  details?: Readonly<Record<string, unknown>>;
  cause?: unknown;
}

/**
 * The one error type of the product: raised where the fact is known, shown to a person as it is.
 * `message` says what was wrong, `hint` what to do.
 */
export class LabError extends Error {
  readonly code: LabErrorCode;
  readonly hint: string | undefined;
  readonly errors: readonly FieldError[];
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: LabErrorCode, message: string, options: LabErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'LabError';
    this.code = code;
    this.hint = options.hint;
    this.errors = options.errors ?? [];
    this.details = options.details ?? {};
  }

  /** The HTTP status that goes with the code. */
  get status(): number {
    return ERROR_CODES[this.code];
  }
}

/** RFC 9457 problem document, `application/problem+json`. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  hint?: string;
  errors?: readonly FieldError[];
  requestId?: string;
  [detail: string]: unknown;
}

/** The problem document of an error. An `internal` error shows only the request ID: its message is for the log. */
export function toProblem(error: LabError, requestId?: string): Problem {
  const hidden = error.code === 'internal';
  return {
    ...(hidden ? {} : error.details),
    type: `urn:lab:problem:${error.code}`,
    title: error.code.replaceAll('-', ' '),
    status: error.status,
    code: error.code,
    detail: hidden ? 'Something went wrong on our side.' : error.message,
    ...(hidden
      ? { hint: 'Look for the request ID in the log of the program that answered.' }
      : error.hint !== undefined && { hint: error.hint }),
    ...(!hidden && error.errors.length > 0 && { errors: error.errors }),
    ...(requestId !== undefined && { requestId }),
  };
}
