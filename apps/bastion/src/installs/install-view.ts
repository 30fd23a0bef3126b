import { STAGES, STAGE_NAMES } from '@lab/domain';
import type { InstallRecord, NumberedReport } from './install-record.js';

const time = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** An install as `GET /api/logs/:mac` and the `state` event show it. */
export const stateView = (record: InstallRecord) => ({
  install: record.installId,
  attempt: record.plan.attempt,
  profile: record.plan.profile,
  role: record.plan.role,
  hostname: record.plan.hostname,
  state: record.outcome,
  stage: record.currentStage,
  reason: record.reason,
  planned_at: time(record.plannedAt),
  ended_at: time(record.endedAt),
});

/** Whose the install is, and who else wanted something of it. */
export const bindingView = ({ binding, refusals }: InstallRecord) => ({
  bound_to: binding?.addresses ?? [],
  refused: refusals.all.map(({ address, link, what, count, firstAt, lastAt }) => ({
    ...{ address, mac: link, what, count },
    ...{ first_at: time(firstAt), last_at: time(lastAt) },
  })),
});

/** All stages in order, also those that have not begun. */
export const stagesView = (record: InstallRecord) =>
  STAGE_NAMES.map((name) => {
    const view = record.stages.get(name);
    return {
      stage: name,
      title: STAGES[name].title,
      state: view?.state ?? 'pending',
      started_at: time(view?.startedAt ?? null),
      ended_at: time(view?.endedAt ?? null),
      message: view?.message ?? null,
      failure: view?.failure ?? null,
    };
  });

/** One report about a stage, as the `stage` event shows it. */
export const reportView = (report: NumberedReport) => ({
  stage: report.stage,
  event: report.event,
  at: time(report.at),
  section: report.section,
  message: report.message,
  failure: report.failure,
  facts: report.facts,
});
