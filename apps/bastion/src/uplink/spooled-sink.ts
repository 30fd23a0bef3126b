import { MAX_MACHINES_PER_SYNC, type Fact, type LogBatch, type Machine, type Progress } from '@lab/protocol';
import type { FactSink } from './fact-sink.js';
import type { Spool } from './spool.js';

/** A fact has to fit into a frame of the link, which has at most 1 MiB. */
const MAX_FACT_BYTES = 512 * 1024;

/** Puts facts into the spools, from which the link takes them. */
export class SpooledSink implements FactSink {
  constructor(
    private readonly facts: Spool,
    private readonly logLines: Spool,
  ) {}

  machines(machines: readonly Machine[]): Promise<void> {
    return this.facts.append([...stateSyncs(machines)]);
  }

  progress(facts: readonly Progress[]): Promise<void> {
    return this.facts.append(facts.map((payload) => ({ type: 'bastion-progress', payload })));
  }

  logs(batches: readonly LogBatch[]): Promise<void> {
    return this.logLines.append(batches.map((payload) => ({ type: 'bastion-log', payload })));
  }

  beforeDroppingLogs(work: () => Promise<void>): void {
    this.logLines.beforeDrop(work);
  }
}

function* stateSyncs(machines: readonly Machine[]): Generator<Fact> {
  let part: Machine[] = [];
  let bytes = 0;
  for (const machine of machines) {
    const size = Buffer.byteLength(JSON.stringify(machine));
    if (part.length > 0 && (part.length >= MAX_MACHINES_PER_SYNC || bytes + size > MAX_FACT_BYTES)) {
      yield { type: 'bastion-state-sync', payload: { machines: part } };
      part = [];
      bytes = 0;
    }
    part.push(machine);
    bytes += size;
  }
  if (part.length > 0) yield { type: 'bastion-state-sync', payload: { machines: part } };
}
