import { CliError } from '../cli-error.js';

/** Why labd could not be talked to: before any answer, so nothing is known to have happened. */
export type ConnectionProblem =
  'refused' | 'unresolved' | 'unreachable' | 'tls' | 'timed-out' | 'cut' | 'not-http';

/** labd is away, or what answers is not labd (exit 1). */
export class ConnectionError extends CliError {
  readonly problem: ConnectionProblem;

  constructor(problem: ConnectionProblem, message: string, hint: string, cause?: unknown) {
    super('environment', message, { hint, ...(cause !== undefined && { cause }) });
    this.name = 'ConnectionError';
    this.problem = problem;
  }
}

const CHECK_SERVER =
  'Start labd, or choose another one: labctl config use-context NAME, --context NAME or LABCTL_SERVER.';

export const timedOut = (server: string, milliseconds: number): ConnectionError =>
  new ConnectionError(
    'timed-out',
    `labd at ${server} did not answer within ${milliseconds / 1000} s`,
    'Try again, or allow more time with --request-timeout; a firewall that drops packets looks the same.',
  );

/** What Node's network errors mean to a person. `server` is the base URL that was asked. */
export function connectionError(error: unknown, server: string): ConnectionError {
  if (error instanceof ConnectionError) return error;
  const code = codeOf(error);
  const text = error instanceof Error ? error.message : String(error);
  if (code === 'ECONNREFUSED') {
    return new ConnectionError(
      'refused',
      `nothing listens at ${server} (connection refused)`,
      CHECK_SERVER,
      error,
    );
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new ConnectionError(
      'unresolved',
      `the host name of ${server} can't be resolved`,
      CHECK_SERVER,
      error,
    );
  }
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH' || code === 'ENETDOWN' || code === 'EADDRNOTAVAIL') {
    return new ConnectionError('unreachable', `no route to ${server}`, CHECK_SERVER, error);
  }
  if (code === 'ETIMEDOUT') {
    return new ConnectionError('timed-out', `connecting to ${server} timed out`, CHECK_SERVER, error);
  }
  if (isTls(code)) return tlsError(code, text, server, error);
  if (code.startsWith('HPE_')) {
    const hint = server.startsWith('http:')
      ? 'If it serves TLS, write https:// in its URL.'
      : 'Check the port in its URL.';
    return new ConnectionError('not-http', `what answers at ${server} does not speak HTTP`, hint, error);
  }
  return new ConnectionError('cut', `the connection to ${server} was cut: ${text}`, 'Try again.', error);
}

function tlsError(code: string, text: string, server: string, cause: unknown): ConnectionError {
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) {
    const hint = 'If it serves plain HTTP, write http:// in its URL.';
    return new ConnectionError(
      'tls',
      `TLS with ${server} failed: it does not answer with TLS that fits`,
      hint,
      cause,
    );
  }
  const hint =
    code === 'ERR_TLS_CERT_ALTNAME_INVALID'
      ? 'Use the name that the certificate is for.'
      : "Set NODE_EXTRA_CA_CERTS to the file of the authority that signed labd's certificate.";
  return new ConnectionError('tls', `the TLS certificate of ${server} is not trusted: ${text}`, hint, cause);
}

const isTls = (code: string): boolean =>
  code === 'EPROTO' ||
  code.startsWith('ERR_TLS_') ||
  code.startsWith('ERR_SSL_') ||
  code.startsWith('CERT_') ||
  code.includes('_CERT') ||
  code.includes('SIGNATURE') ||
  code === 'HOSTNAME_MISMATCH';

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  // Node tries every address of a name and reports them together.
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return '';
}
