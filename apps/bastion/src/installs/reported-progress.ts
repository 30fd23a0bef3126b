import type { Progress } from '@lab/protocol';
import type { StageReport } from './install-event.js';
import type { ProgressBody } from './report-body.js';

/** A report as labd gets it. */
export const progressOf = (installId: string, report: StageReport): Progress => ({
  installId,
  stage: report.stage,
  event: report.event,
  at: new Date(report.at).toISOString(),
  message: report.message,
  failure: report.failure,
  facts: report.facts,
});

export const failureOf = (failure: NonNullable<ProgressBody['failure']>): StageReport['failure'] => ({
  section: failure.section,
  stage: failure.stage,
  line: failure.line ?? null,
  command: failure.command ?? null,
  exitCode: failure.exit_code ?? null,
  lastLines: failure.last_lines ?? [],
});

export const factsOf = ({
  host_keys,
  ...rest
}: NonNullable<ProgressBody['facts']>): StageReport['facts'] => ({
  ...rest,
  hostKeys: host_keys,
});
