import { join } from 'node:path';
import type { LogBatch } from '@lab/protocol';
import type { Damage } from '../storage/damage.js';
import { Spool } from './spool.js';

const MIB = 1024 * 1024;
/**
 * What waits for labd on the disk, at most. When the logs are full, the oldest lines are kept and new ones are refused
 * with 503: the machine keeps them and repeats. Facts are small, and refused only far later, so that the disk never fills.
 */
const MAX_BYTES = { facts: 512 * MIB, logs: 512 * MIB };

/** Both streams towards labd, and log lines that a power cut may have taken from their files. */
export interface Spools {
  facts: Spool;
  logs: Spool;
  /** Log lines that are still in the spool. */
  spooledLines: LogBatch[];
}

export async function openSpools(folder: string, damage: Damage): Promise<Spools> {
  const spooledLines: LogBatch[] = [];
  let bytes = 0;
  const facts = await Spool.open({
    folder: join(folder, 'spool', 'facts'),
    maxBytes: MAX_BYTES.facts,
    damage,
  });
  const logs = await Spool.open({
    folder: join(folder, 'spool', 'logs'),
    maxBytes: MAX_BYTES.logs,
    damage,
    recovered: (fact) => {
      if (fact.type !== 'bastion-log') return;
      spooledLines.push(fact.payload);
      bytes += fact.payload.lines.reduce((sum, line) => sum + line.text.length, 0);
      // Only the newest can have been lost: files are synced before a segment of the spool goes.
      while (bytes > 16 * MIB && spooledLines.length > 1) {
        bytes -= spooledLines.shift()?.lines.reduce((sum, line) => sum + line.text.length, 0) ?? 0;
      }
    },
  });
  return { facts, logs, spooledLines };
}
