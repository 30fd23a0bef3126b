/** Counts what a piece of work sends to the database: `createDatabase({url, onStatement: recorder.record})`. */
export interface StatementRecorder {
  record: (sql: string) => void;
  /** The statements sent while `work` ran, in order; the work's own if nothing else uses the database meanwhile. */
  during: (work: () => Promise<unknown>) => Promise<string[]>;
  /** The fewest of several times: the work's own, where something else asks now and then, as labd's watchdog does. */
  fewest: (work: () => Promise<unknown>) => Promise<string[]>;
}

const TIMES = 8;

export function statementRecorder(): StatementRecorder {
  const listeners = new Set<(sql: string) => void>();
  const recorder: StatementRecorder = {
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
    fewest: async (work) => {
      let fewest = await recorder.during(work);
      for (let time = 1; time < TIMES; time += 1) {
        const statements = await recorder.during(work);
        if (statements.length < fewest.length) fewest = statements;
      }
      return fewest;
    },
  };
  return recorder;
}
