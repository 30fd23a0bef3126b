import { bootEntriesOf, type BootEntry } from '@lab/domain';
import type { Progress, SystemFacts } from '@lab/protocol';
import { cleanLine } from './log-text.js';
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
  boot_order,
  ...rest
}: NonNullable<ProgressBody['facts']>): StageReport['facts'] => ({
  ...rest,
  hostKeys: host_keys,
  bootOrder: boot_order == null ? null : bootOrderOf(boot_order),
});

type ReportedBootOrder = NonNullable<NonNullable<ProgressBody['facts']>['boot_order']>;

const bootOrderOf = ({
  before,
  after,
  ...rest
}: ReportedBootOrder): NonNullable<SystemFacts['bootOrder']> => ({
  ...rest,
  before: entriesIn(before),
  after: entriesIn(after),
});

/** The labels are the firmware's, and shown to people. */
const entriesIn = (lines: readonly string[] | null | undefined): BootEntry[] | null =>
  bootEntriesOf(lines ?? [])?.map((entry) => ({ ...entry, label: cleanLine(entry.label).slice(0, 128) })) ??
  null;
