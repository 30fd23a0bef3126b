import { LabError } from '@lab/domain';
import type { LabErrorCode, LabErrorOptions } from '@lab/domain';

/** How labctl ends, for scripts. */
export const EXIT = {
  done: 0,
  failed: 1,
  /** Wrong usage, or a confirmation that was not given. */
  usage: 2,
  /** Not logged in, or not allowed. */
  denied: 4,
  /** Waited too long. */
  timedOut: 5,
  /** What was waited for ended in a failed state. */
  failedState: 6,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface CliErrorOptions extends LabErrorOptions {
  exitCode?: ExitCode;
  /** Lines that show what happened, printed under the message: a failed command, the last lines of a log. */
  evidence?: readonly string[];
}

/** An error that knows labctl's exit code. */
export class CliError extends LabError {
  readonly exitCode: ExitCode;
  readonly evidence: readonly string[];

  constructor(code: LabErrorCode, message: string, options: CliErrorOptions = {}) {
    super(code, message, options);
    this.name = 'CliError';
    this.exitCode = options.exitCode ?? exitCodeOf(new LabError(code, message));
    this.evidence = options.evidence ?? [];
  }
}

/** Wrong usage of a command (exit 2). */
export const usageError = (message: string, hint?: string): CliError =>
  new CliError('invalid', message, { exitCode: EXIT.usage, ...(hint !== undefined && { hint }) });

/** There is no session, or it is over (exit 4). */
export const notLoggedIn = (message: string, options: CliErrorOptions = {}): CliError =>
  new CliError('not-logged-in', message, { hint: 'Log in with labctl login.', ...options });

/** Ctrl-C, where labctl itself reads the keys (exit 130). */
export class InterruptedError extends CliError {
  constructor() {
    super('timed-out', 'interrupted', { exitCode: EXIT.interrupted });
    this.name = 'InterruptedError';
  }
}

/** The exit code of whatever was thrown. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CliError) return error.exitCode;
  if (!(error instanceof LabError)) return EXIT.failed;
  switch (error.code) {
    case 'not-logged-in':
    case 'not-allowed':
      return EXIT.denied;
    case 'timed-out':
      return EXIT.timedOut;
    default:
      return EXIT.failed;
  }
}
