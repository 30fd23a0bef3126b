import type { CliEnvironment } from '../config.js';

/** Where a command prints. Data goes to `out`, everything that is said to a person to `note`. */
export interface Terminal {
  out(text: string): void;
  note(text: string): void;
  /** Stderr is a terminal on which lines may be redrawn. */
  readonly live: boolean;
  /** A person can be asked: keys come from a terminal, and questions are seen on one. */
  readonly interactive: boolean;
  /** Colour may be used on stderr. */
  readonly colour: boolean;
  /** Characters outside ASCII can be shown. */
  readonly utf8: boolean;
  /** The size of the screen that stdout is, if it is one that a pager can use. */
  readonly page: { rows: number; columns: number } | undefined;
  /** Of stderr. */
  columns(): number;
  rows(): number;
}

/** This process's own streams. `noColor` is `--no-color`. */
export function processTerminal(environment: CliEnvironment, noColor: boolean): Terminal {
  const { stdin, stdout, stderr } = process;
  const live = stderr.isTTY && !environment.dumb;
  return {
    out: (text) => void stdout.write(text),
    note: (text) => void stderr.write(text),
    live,
    interactive: stdin.isTTY && stderr.isTTY,
    colour: live && !environment.noColor && !noColor,
    utf8: environment.utf8,
    page:
      stdout.isTTY && !environment.dumb
        ? { rows: stdout.rows || 24, columns: stdout.columns || 80 }
        : undefined,
    columns: () => stderr.columns || 80,
    rows: () => stderr.rows || 24,
  };
}
