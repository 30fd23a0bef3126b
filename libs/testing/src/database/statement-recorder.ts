/** Counts what a piece of work sends to the database: `createDatabase({url, onStatement: recorder.record})`. */
export interface StatementRecorder {
  record: (sql: string) => void;
  /** The statements sent while `work` ran, in order; the work's own if nothing else uses the database meanwhile. */
  during: (work: () => Promise<unknown>) => Promise<string[]>;
}

export function statementRecorder(): StatementRecorder {
  const listeners = new Set<(sql: string) => void>();
  return {
    record: (sql) => {
      for (const listener of listeners) listener(sql);
    },
    during: async (work) => {
      const statements: string[] = [];
      const listener = (sql: string): void => {
        statements.push(sql);
      };
      listeners.add(listener);
      try {
        await work();
      } finally {
        listeners.delete(listener);
      }
      return statements;
    },
  };
}
