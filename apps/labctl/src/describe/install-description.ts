import type { Install, InstallStage, InstallSummary } from '@lab/cli-kit';
import { elapsedText, failureCause, failureEvidence, momentAge, oneLine, stageElapsed } from '@lab/cli-kit';
import { field, tableSection } from './description.js';

/** The newest install: what was asked, how far it is, its stages, and why it failed. */
export function installDescription(
  summary: InstallSummary | null,
  install: Install | undefined,
  now: number,
): string[] {
  if (summary === null) return [field('Install', null)];
  const stages = install?.stages ?? [];
  return [
    'Install:',
    field('Attempt', summary.attempt, 2),
    field('State', summary.state, 2),
    field('Profile', summary.profile, 2),
    field('Role', summary.role, 2),
    field('Host name', summary.hostname, 2),
    field('Queued', `${momentAge(summary.queuedAt, now)} ago`, 2),
    field('Took', taken(summary, now), 2),
    ...awaited(install?.awaited, now),
    ...warnings(summary),
    ...(install === undefined ? [] : [field('Log lines', install.logTotal, 2)]),
    ...stageLines(stages, now),
    ...cause(summary),
  ];
}

/** What was known when it was ordered. */
function warnings({ warnings: stated }: Pick<InstallSummary, 'warnings'>): string[] {
  // A labd from before the warnings says nothing of them.
  return ((stated as InstallSummary['warnings'] | undefined) ?? []).map(({ type, message }, index) =>
    field(index === 0 ? 'Warnings' : '', `${type}: ${message}`, 2).replace(/^ {2}: /, '    '),
  );
}

/** From whom what is awaited, since when, and until when that is no reason to worry. */
function awaited(stated: Install['awaited'], now: number): string[] {
  if (stated === null || stated === undefined) return [];
  const since = Date.parse(stated.since);
  const left = Date.parse(stated.until) - now;
  const patience = left > 0 ? `stuck in ${elapsedText(left)}` : `overdue for ${elapsedText(-left)}`;
  return [
    field('Awaited', `${stated.from}, ${stated.what}`, 2),
    field('', `for ${elapsedText(now - since)}; ${patience}`, 2).replace(/^ {2}: /, '    '),
  ];
}

function taken({ startedAt, finishedAt }: InstallSummary, now: number): string | null {
  if (startedAt === null) return null;
  const end = finishedAt === null ? now : Date.parse(finishedAt);
  const text = elapsedText(end - Date.parse(startedAt));
  return finishedAt === null ? `${text} until now` : text;
}

function stageLines(stages: readonly InstallStage[], now: number): string[] {
  if (stages.length === 0) return [];
  const rows = stages.map((stage) => {
    const elapsed = stageElapsed(stage, now);
    return [
      oneLine(stage.title),
      stage.state,
      elapsed === undefined ? '-' : elapsedText(elapsed),
      stage.message ?? '',
    ];
  });
  const withMessages = rows.some((row) => row[3] !== '');
  const columns = withMessages ? ['STAGE', 'STATE', 'TOOK', 'MESSAGE'] : ['STAGE', 'STATE', 'TOOK'];
  return tableSection(
    'Stages',
    columns,
    rows.map((row) => (withMessages ? row.map((cell) => (cell === '' ? '-' : cell)) : row.slice(0, 3))),
  ).map((line) => `  ${line}`);
}

function cause(summary: InstallSummary): string[] {
  if (summary.failure === null) return [];
  const why = failureCause(summary.failure).replace(/^:? /, '');
  return [field('Cause', why, 2), ...failureEvidence(summary.failure).map((line) => `    ${line}`)];
}
