import type { LogBatch, Machine, Progress } from '@lab/protocol';

/** Takes facts for labd. What it has taken is on the disk; what it can't take raises `not-ready`. */
export interface FactSink {
  machines(machines: readonly Machine[]): Promise<void>;
  /** Facts of one install, kept together. */
  progress(facts: readonly Progress[]): Promise<void>;
  /** Numbered lines of one install, kept together. */
  logs(batches: readonly LogBatch[]): Promise<void>;
  /** Work to be done before lines that labd has taken are dropped. */
  beforeDroppingLogs(work: () => Promise<void>): void;
}

export const FACT_SINK = Symbol('FactSink');
