import type { TransactionClient } from '@lab/database';
import type { Progress } from '@lab/protocol';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { AuditTrail } from '../audit/audit-trail.repository.js';
import { LOGGER } from '../injection-tokens.js';
import type { ReportingBastion } from '../servers/machine-registry.js';
import type { ServerChange } from '../servers/server-changes.repository.js';
import { storableTime } from './storable.js';
import { applyProgress } from './install-progress.js';
import { Diagnostician } from './diagnostician.js';
import { ProgressRepository, type ProgressRecord } from './progress.repository.js';

/** Lines of a failure are kept in the install, which lists show: the log has them whole. */
const MOST_LAST_LINES = 20;
const LONGEST_LAST_LINE = 500;

/** What reports have written. */
export interface RecordedProgress {
  changes: ServerChange[];
  installIds: string[];
}

/** Runs the life cycle of installs with what bastions report of them. */
@Injectable()
export class ProgressRecorder {
  constructor(
    private readonly repository: ProgressRepository,
    private readonly diagnostician: Diagnostician,
    private readonly audit: AuditTrail,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** A report that doesn't apply (a forgotten or another bastion's install, one that has ended) is logged and left out. */
  async record(
    tx: TransactionClient,
    bastion: ReportingBastion,
    reports: readonly Progress[],
    now: Date,
  ): Promise<RecordedProgress> {
    const loaded = await this.repository.load(tx, reports);
    const records = new Map(loaded);
    for (const report of reports) {
      const record = records.get(report.installId);
      const outcome = applyReport(bastion, record, report, now);
      if (typeof outcome === 'string') {
        const { installId, stage, event } = report;
        this.log.warn(
          { bastion: bastion.name, installId, stage, event, reason: outcome },
          'a report was left out',
        );
      } else {
        records.set(outcome.id, outcome);
      }
    }
    for (const [id, record] of records) {
      if (record === loaded.get(id) || record.state !== 'failed' || record.failure === null) continue;
      records.set(id, { ...record, failure: await this.diagnostician.withCause(id, record.failure, tx) });
    }
    const changed = [...records.values()].filter((record) => record !== loaded.get(record.id));
    await this.repository.save(tx, loaded, changed, now);

    const moved = changed.filter((record) => {
      const old = loaded.get(record.id);
      return old?.state !== record.state || old.phase !== record.phase;
    });
    await this.repository.saveServers(tx, moved, now);
    await this.audit.record(
      tx,
      moved.flatMap((record) => {
        const old = loaded.get(record.id);
        // Progress is high-volume and stays out of the chain; how an install ended is a change of the server.
        if (old === undefined || old.phase === record.phase) return [];
        return [phaseEntry(bastion, old, record, now)];
      }),
    );
    return {
      changes: moved.map(({ server }) => ({ type: 'modified', id: server.id })),
      installIds: changed.map(({ id }) => id),
    };
  }
}

/** The record after the report, or why it doesn't apply. */
function applyReport(
  bastion: ReportingBastion,
  record: ProgressRecord | undefined,
  report: Progress,
  now: Date,
): ProgressRecord | string {
  if (record === undefined) return 'there is no such install';
  if (record.bastionId !== bastion.id) return "the install is another bastion's";
  if (!record.server.current) return 'the server has a newer install';
  const { stage, event, message } = report;
  const failure =
    report.failure === null ? null : { ...report.failure, lastLines: shortened(report.failure.lastLines) };
  const at = storableTime(report.at, now);
  const outcome = applyProgress(record, { stage, event, message, failure, at });
  if (!outcome.applied) return outcome.reason;
  // A bastion whose clock is ahead must not make a silence look short.
  const heardAt = at < now ? at : now;
  const { kickstartFetchedAt: fetched } = outcome.install;
  const kickstartFetchedAt = fetched !== null && fetched > now ? now : fetched;
  const facts = report.facts === null ? record.facts : { ...record.facts, ...report.facts };
  return { ...record, ...outcome.install, kickstartFetchedAt, heardAt, facts };
}

const shortened = (lines: readonly string[]): string[] =>
  lines.slice(-MOST_LAST_LINES).map((line) => line.slice(0, LONGEST_LAST_LINE));

const phaseEntry = (bastion: ReportingBastion, before: ProgressRecord, after: ProgressRecord, now: Date) => ({
  at: now,
  actor: `bastion:${bastion.name}`,
  action: after.state === before.state ? 'disk-touched' : `install-${after.state}`,
  kind: 'Server',
  resourceId: after.server.id,
  resourceName: after.server.name,
  cloud: after.server.cloud,
  environment: after.server.environment,
  before: { phase: before.phase, install: { id: before.id, state: before.state } },
  after: {
    phase: after.phase,
    install: {
      id: after.id,
      attempt: after.attempt,
      state: after.state,
      profile: after.profile,
      failure: after.failure,
    },
  },
  source: 'link',
});
