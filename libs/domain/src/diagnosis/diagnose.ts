import type { StageFailure } from '../stages.js';
import type { DiagnosisRule } from './diagnosis-rule.js';
import { MACHINE_RULES } from './machine-rules.js';
import { NETWORK_RULES } from './network-rules.js';
import { PACKAGE_RULES } from './package-rules.js';

/** Every rule; where two match the same line, the one that comes first counts. */
export const DIAGNOSIS_RULES: readonly DiagnosisRule[] = [
  ...MACHINE_RULES,
  ...NETWORK_RULES,
  ...PACKAGE_RULES,
];

const TELLING_RULES = DIAGNOSIS_RULES.filter(({ oftenHarmless }) => oftenHarmless !== true);

/** A line of an install's log. */
export interface EvidenceLine {
  /** From 1 per install; null for a line that came with the failure's report. */
  number: number | null;
  source: string;
  stage: string | null;
  text: string;
}

/** The cause of a failed install, and what says so. */
export interface Diagnosis {
  /** The rule's ID; null: no rule knows it. */
  rule: string | null;
  /**
   * `stated`: the failure itself or the failed stage says so. `likely`: only an earlier or other part of the log does.
   * `unknown`: no rule matches, and the evidence is the best there is.
   */
  certainty: 'stated' | 'likely' | 'unknown';
  cause: string;
  explanation: string | null;
  next: string | null;
  /** Where to read on; a path in this project's documentation. */
  runbook: string | null;
  /** The first causal line, and what followed it. */
  evidence: EvidenceLine[];
}

export interface Failure extends Omit<StageFailure, 'section' | 'stage'> {
  section: string | null;
  stage: string;
  message: string | null;
}

const LONGEST_TEXT = 2000;
const LONGEST_EVIDENCE = 500;
const MOST_EVIDENCE = 4;
const TROUBLE =
  /error|fail|fatal|critical|cannot|can't|unable|denied|no such|not found|traceback|panic|abort/i;

interface Found {
  rule: DiagnosisRule;
  at: number;
}

/**
 * States the cause of a failure. The trapped error speaks first, with the lines that the failed stage wrote; then the rest of
 * the log, which is only likely. Within either, the earliest line that a rule knows is the cause, for what comes later
 * follows from it. Pure; `lines` are the end of the log in order.
 */
export function diagnose(failure: Failure, lines: readonly EvidenceLine[]): Diagnosis {
  const own = ownLines(failure, lines);
  const stated = earliest(own, DIAGNOSIS_RULES);
  if (stated !== undefined) return known(stated, own, 'stated');
  const likely = earliest(lines, TELLING_RULES);
  if (likely !== undefined) return known(likely, lines, 'likely');
  const written = own.filter(({ text }) => text !== failure.message);
  const trouble = written.findLastIndex(({ text }) => TROUBLE.test(text.slice(0, LONGEST_TEXT)));
  return {
    rule: null,
    certainty: 'unknown',
    cause: failure.message ?? 'unknown',
    explanation: null,
    next: null,
    runbook: null,
    evidence: trouble >= 0 ? excerpt(written, trouble) : written.slice(-MOST_EVIDENCE).map(shortened),
  };
}

/** Lines of the failed stage, and what came with the report unless the log has it. */
function ownLines(failure: Failure, lines: readonly EvidenceLine[]): EvidenceLine[] {
  const ofStage = lines.filter(({ stage }) => stage === failure.stage);
  const written = [...ofStage.map(({ text }) => text), ...failure.lastLines];
  const isTold = failure.message === null || written.some((text) => text.includes(failure.message ?? ''));
  const there = new Set(ofStage.map(({ text }) => text.trim()));
  const reported = [...failure.lastLines, ...(isTold ? [] : [failure.message ?? ''])]
    .filter((text) => text.trim() !== '' && !there.has(text.trim()))
    .map((text): EvidenceLine => ({
      number: null,
      source: failure.section ?? 'report',
      stage: failure.stage,
      text,
    }));
  return [...ofStage, ...reported];
}

function earliest(lines: readonly EvidenceLine[], rules: readonly DiagnosisRule[]): Found | undefined {
  for (const [at, { text }] of lines.entries()) {
    const cut = text.trim().slice(0, LONGEST_TEXT);
    const rule = rules.find(({ pattern }) => pattern.test(cut));
    if (rule !== undefined) return { rule, at };
  }
  return undefined;
}

const known = (
  { rule, at }: Found,
  lines: readonly EvidenceLine[],
  certainty: 'stated' | 'likely',
): Diagnosis => ({
  rule: rule.id,
  certainty,
  cause: rule.cause,
  explanation: rule.explanation,
  next: rule.next,
  runbook: `docs/runbooks/failed-installs.md#${rule.id}`,
  evidence: excerpt(lines, at),
});

const excerpt = (lines: readonly EvidenceLine[], at: number): EvidenceLine[] =>
  lines.slice(at, at + MOST_EVIDENCE).map(shortened);

const shortened = (line: EvidenceLine): EvidenceLine => ({
  ...line,
  text: line.text.slice(0, LONGEST_EVIDENCE),
});
