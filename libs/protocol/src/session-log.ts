/** Where a session writes what a person may need to know; messages are constant, facts are in `details`. */
export interface SessionLog {
  debug(details: Readonly<Record<string, unknown>>, message: string): void;
  warn(details: Readonly<Record<string, unknown>>, message: string): void;
}
