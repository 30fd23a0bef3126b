import { DISK_TOUCHED_BY, touchesDisk, type Clock } from '@lab/domain';
import type { FactSink } from '../uplink/fact-sink.js';
import type { InstallLogBuffer } from './install-log-buffer.js';
import type { StageReport } from './install-event.js';
import type { InstallRecord } from './install-record.js';
import type { InstallStore } from './install.store.js';
import type { ProgressBody } from './report-body.js';
import { progressOf } from './reported-progress.js';
import { hashToken } from './tokens.js';

/**
 * Machines whose install labd has cancelled. Before it touches its disk a machine asks, by its report of `partitioning`, and
 * is told 410; one that could not ask and went on says so later, and labd, which took its disk for untouched, has to know.
 */
export class CancelledInstalls {
  constructor(
    private readonly parts: { store: InstallStore; sink: FactSink; logs: InstallLogBuffer; clock: Clock },
  ) {}

  /** The cancelled install that the report token was for; undefined if it is none. */
  of(token: string | undefined): InstallRecord | undefined {
    const found = token === undefined ? undefined : this.parts.store.ofReport(hashToken(token));
    return found?.outcome === 'cancelled' ? found : undefined;
  }

  /** Takes what its machine reports all the same. That it has touched its disk is told once. */
  async report(record: InstallRecord, { stage, event }: ProgressBody): Promise<void> {
    const isAsking = stage === DISK_TOUCHED_BY && event === 'started';
    if (!touchesDisk(stage) || isAsking) return;
    const { store, sink, logs, clock } = this.parts;
    await store.exclusive(record.installId, async () => {
      if (record.wentOn) return;
      const at = clock.now();
      const message = 'The machine went on after the cancel: its disk is touched.';
      const report: StageReport = {
        ...{ type: 'stage', at, stage, event: 'started', message },
        ...{ seq: null, section: null, failure: null, facts: null },
      };
      await sink.progress([progressOf(record.installId, report)]);
      await store.append(record.installId, [{ type: 'went-on', at, stage }]);
      const line = { at: new Date(at).toISOString(), source: 'bastion', stage, text: message };
      await logs.append(record.installId, record.ringMac, [line], record.boot);
    });
  }
}
