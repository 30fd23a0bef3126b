import { STAGES, isStageName } from '@lab/domain';
import type { InstallState } from '@lab/domain';
import type { InstallFailure } from '../api/api-types.js';
import { CliError, EXIT } from '../cli-error.js';
import { oneLine } from '../output/neutralise.js';

export interface EndedInstall {
  server: string;
  /** Undefined if it isn't known here. */
  attempt: number | undefined;
  state: InstallState;
  failure: InstallFailure | null;
  /** The end of the log, for a failure that brought no lines of its own. */
  lastLines: readonly string[];
}

const MOST_LINES = 20;

/** The error (exit 6) that an install which did not succeed ends a command with: cause, evidence, what to do. */
export function failedInstall(install: EndedInstall): CliError {
  const server = oneLine(install.server);
  if (install.state === 'cancelled') {
    return new CliError('not-ready', `the install of ${server} was cancelled`, {
      exitCode: EXIT.failedState,
      hint: `Look at the server with labctl describe server ${server}.`,
    });
  }
  const attempt = install.attempt === undefined ? '' : ` --install ${install.attempt}`;
  return new CliError('not-ready', `the install of ${server} failed${failureCause(install.failure)}`, {
    exitCode: EXIT.failedState,
    evidence: failureEvidence(install.failure, install.lastLines),
    hint: `Read the log with labctl logs ${server}${attempt}; try again with labctl reprovision ${server}.`,
  });
}

/** ` in the stage "Disk choice": no disk matches the rule of the install`; empty if nothing is known. */
export function failureCause(failure: InstallFailure | null): string {
  if (failure === null) return '';
  const stage = isStageName(failure.stage) ? STAGES[failure.stage].title : oneLine(failure.stage);
  const where = stage === '' ? '' : ` in the stage "${stage}"`;
  const what = knownCause(failure.diagnosis) ?? oneLine(failure.message ?? '');
  return what === '' ? where : `${where}: ${what}`;
}

/** What a rule says; undefined if none knows the failure. */
function knownCause(diagnosis: InstallFailure['diagnosis']): string | undefined {
  if (diagnosis?.rule === null || diagnosis?.rule === undefined) return undefined;
  const cause = oneLine(diagnosis.cause);
  return diagnosis.certainty === 'likely' ? `probably ${cause}` : cause;
}

/** The causal line and what follows from it; of an unknown failure the best evidence, and that it is unknown. */
function diagnosisLines(failure: InstallFailure): string[] {
  const { diagnosis } = failure;
  if (diagnosis === null) return [];
  const [first, ...more] = diagnosis.evidence;
  const lines = [];
  if (diagnosis.rule === null) lines.push('cause: unknown; no rule matches the log');
  else if (failure.message !== null && failure.message !== '')
    lines.push(`reported: ${oneLine(failure.message)}`);
  if (first !== undefined) {
    const from = first.number === null ? '' : ` (line ${first.number} of the log, ${oneLine(first.source)})`;
    lines.push(`evidence${from}:`, ...[first, ...more].map(({ text }) => `  > ${oneLine(text)}`));
  }
  for (const [title, text] of [
    ['why', diagnosis.explanation],
    ['next', diagnosis.next],
    ['read', diagnosis.runbook],
  ] as const) {
    if (text !== null) lines.push(`${title}: ${oneLine(text)}`);
  }
  return lines;
}

/** What it comes from, where it broke, the command with its exit code, and the last lines of the log. */
export function failureEvidence(failure: InstallFailure | null, lastLines: readonly string[] = []): string[] {
  const lines: string[] = [];
  if (failure !== null) {
    lines.push(...diagnosisLines(failure));
    const line = failure.line === null ? '' : ` line ${failure.line}`;
    if (failure.section !== null && failure.section !== '')
      lines.push(`at: ${oneLine(failure.section)}${line}`);
    const exit = failure.exitCode === null ? '' : ` (exit ${failure.exitCode})`;
    if (failure.command !== null && failure.command !== '')
      lines.push(`command: ${oneLine(failure.command)}${exit}`);
    else if (exit !== '') lines.push(`exit code: ${failure.exitCode}`);
  }
  const own = failure?.lastLines ?? [];
  const log = (own.length > 0 ? own : lastLines).slice(-MOST_LINES);
  if (log.length > 0) lines.push('last lines:', ...log.map((text) => `  | ${oneLine(text)}`));
  return lines;
}
