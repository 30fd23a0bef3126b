import type { LogBatch, Machine, Progress } from '@lab/protocol';

/** Takes facts for labd. What it has taken is on the disk; what it can't take raises `not-ready`. */
export interface FactSink {
  /** True if there is a labd: then a line that was taken is on the disk already. */
  readonly durable: boolean;
  machines(machines: readonly Machine[]): Promise<void>;
  /** Facts of one install, kept together. */
  progress(facts: readonly Progress[]): Promise<void>;
  /** Numbered lines of one install, kept together. */
  logs(batches: readonly LogBatch[]): Promise<void>;
  /** Work to be done before lines that labd has taken are dropped. */
  beforeDroppingLogs(work: () => Promise<void>): void;
}

export const FACT_SINK = Symbol('FactSink');

/** Without labd nobody is told: the bastion's own files are all there is. */
export const standaloneSink: FactSink = {
  durable: false,
  machines: () => Promise.resolve(),
  progress: () => Promise.resolve(),
  logs: () => Promise.resolve(),
  beforeDroppingLogs: () => undefined,
};
