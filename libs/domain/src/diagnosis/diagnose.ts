import type { StageFailure } from '../stages.js';
import { BOOT_STAGES } from './diagnosis-rule.js';
import { isHarmless, meaningOf, meaningOfTry, spoken, type Meaning, type Weight } from './meaning.js';

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
   * `stated`: the failure itself or the failed stage says so. `likely`: only an earlier or other part of the log does, or a
   * line that may be harmless. `unknown`: no rule matches, and the evidence is the best there is.
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

const LONGEST_EVIDENCE = 500;
const MOST_EVIDENCE = 4;
const LONGEST_TRACEBACK = 200;
const TROUBLE =
  /error|fail|fatal|critical|cannot|can't|unable|denied|no such|not found|traceback|panic|abort/i;

/** A line that a rule knows, by its place. */
interface Known extends Meaning {
  at: number;
}

/**
 * States the cause of a failure. The trapped error speaks first, then the last lines that came with it, then what the
 * failed stage wrote before; all of that states a cause. What the rest of the log says is only likely. Lines that name a
 * cause count before those that name a consequence, wherever they stand (the exception before its traceback's heading);
 * among equals the earliest is the cause, for what comes later follows from it. Pure; `lines` are the end of the log in
 * order.
 */
export function diagnose(failure: Failure, lines: readonly EvidenceLine[]): Diagnosis {
  const meanings = new Map<EvidenceLine, Meaning>();
  for (const line of lines) keep(meanings, line, failure);
  const { own, message, last } = ownLines(failure, lines);
  for (const line of own) if (line.number === null) keep(meanings, line, failure);
  const ownKnown = knownIn(own, meanings);
  const said = messageOf(failure);
  const ofMessage =
    said === null
      ? undefined
      : meaningOf({ stage: failure.stage, source: failure.section ?? 'report', text: spoken(said) }, failure);
  const regions = [
    ofMessage === undefined ? [] : [{ ...ofMessage, at: message }],
    // As a line the message would be looked at with the command that it quotes.
    last.flatMap((at) =>
      at === message && own[at]?.number === null ? [] : ownKnown.filter((one) => one.at === at),
    ),
    ownKnown.filter(({ at }) => own[at]?.text !== failure.message),
  ];
  for (const weight of ['cause', 'symptom', 'ending'] as const) {
    for (const region of regions) {
      const found = first(region, weight);
      if (found !== undefined) return diagnosis(lastTry(found, own, failure) ?? found, own, 'stated');
    }
  }
  const elsewhere = knownIn(lines, meanings).filter(({ rule }) => rule.ownStageOnly !== true);
  for (const weight of ['cause', 'symptom', 'ending'] as const) {
    const found = first(elsewhere, weight);
    if (found !== undefined) return diagnosis(found, lines, 'likely');
  }
  const hint = first(ownKnown, 'hint');
  if (hint !== undefined) return diagnosis(hint, own, 'likely');
  const faint = first(elsewhere, 'hint');
  return faint === undefined ? unknown(failure, own) : diagnosis(faint, lines, 'likely');
}

/** A message that says something. */
const messageOf = ({ message }: Failure): string | null =>
  typeof message === 'string' && message.trim() !== '' ? message : null;

function keep(meanings: Map<EvidenceLine, Meaning>, line: EvidenceLine, failure: Failure): void {
  const meaning = meaningOf(line, failure);
  if (meaning !== undefined) meanings.set(line, meaning);
}

function knownIn(lines: readonly EvidenceLine[], meanings: ReadonlyMap<EvidenceLine, Meaning>): Known[] {
  return lines.flatMap((line, at) => {
    const meaning = meanings.get(line);
    return meaning === undefined ? [] : [{ ...meaning, at }];
  });
}

/**
 * Lines of the failed stage (firmware and dracut are in two stages, and fail as one), and what came with the report unless
 * the log has it; and where among them the failure's message stands, and its last lines in their order.
 */
function ownLines(
  failure: Failure,
  lines: readonly EvidenceLine[],
): { own: EvidenceLine[]; message: number; last: number[] } {
  const { stage, lastLines } = failure;
  const message = messageOf(failure);
  const stages: readonly string[] = BOOT_STAGES.some((name) => name === stage) ? BOOT_STAGES : [stage];
  const own = lines.filter((line) => line.stage !== null && stages.includes(line.stage));
  const places = new Map<string, number | undefined>(lastLines.map((text) => [text.trim(), undefined]));
  let told = -1;
  for (const [at, { text }] of own.entries()) {
    const trimmed = text.trim();
    if (places.has(trimmed)) places.set(trimmed, at);
    if (message !== null && text.includes(message)) told = at;
  }
  const report = (text: string): number =>
    own.push({ number: null, source: failure.section ?? 'report', stage, text }) - 1;
  const last = lastLines.flatMap((text) => {
    const trimmed = text.trim();
    if (trimmed === '') return [];
    const at = places.get(trimmed) ?? report(text);
    places.set(trimmed, at);
    if (message !== null && text.includes(message)) told = at;
    return [at];
  });
  if (message !== null && told < 0) told = report(message);
  return { own, message: told, last };
}

/** The first of that weight. One whose author tries again doesn't count if something follows that can't have come from it. */
function first(region: readonly Known[], weight: Weight): Known | undefined {
  const unrelated = region.findLastIndex(
    (one) =>
      (one.weight === 'cause' || one.weight === 'symptom') &&
      one.rule.retried !== true &&
      one.rule.needsNetwork !== true,
  );
  return region.find(
    (one, place) => one.weight === weight && (one.rule.retried !== true || place > unrelated),
  );
}

/** Where the installer only says that it gave up, what its last try said. */
function lastTry(found: Known, own: readonly EvidenceLine[], failure: Failure): Known | undefined {
  if (found.weight !== 'symptom' || found.rule.needsNetwork !== true) return undefined;
  for (let at = found.at - 1; at >= 0; at--) {
    const line = own[at];
    const meaning = line === undefined ? undefined : meaningOfTry(line, failure);
    if (meaning?.weight === 'cause') return { ...meaning, at };
  }
  return undefined;
}

const diagnosis = (
  { rule, at }: Known,
  lines: readonly EvidenceLine[],
  certainty: 'stated' | 'likely',
): Diagnosis => ({
  rule: rule.id,
  certainty,
  cause: rule.cause,
  explanation: rule.explanation,
  next: rule.next,
  runbook: `docs/runbooks/failed-installs.md#${rule.id}`,
  evidence: excerpt(lines, exceptionAfter(lines, at)),
});

function unknown(failure: Failure, own: readonly EvidenceLine[]): Diagnosis {
  const written = own.filter(({ text }) => text !== failure.message);
  const trouble = written.findLastIndex(
    ({ text }) => TROUBLE.test(text.slice(0, LONGEST_EVIDENCE)) && !isHarmless(text),
  );
  return {
    rule: null,
    certainty: 'unknown',
    cause: failure.message ?? 'unknown',
    explanation: null,
    next: null,
    runbook: null,
    evidence:
      trouble >= 0
        ? excerpt(written, exceptionAfter(written, trouble))
        : written.slice(-MOST_EVIDENCE).map(shortened),
  };
}

/** For the heading of a Python traceback the line of its exception, which says what happened. */
function exceptionAfter(lines: readonly EvidenceLine[], at: number): number {
  const isHeading = lines[at]?.text.includes('Traceback (most recent call last)') === true;
  if (!isHeading) return at;
  const isException = ({ text }: EvidenceLine) =>
    /(?:Error|Exception)(?::|$)/.test(text.trimEnd().slice(0, LONGEST_EVIDENCE));
  const offset = lines.slice(at + 1, at + LONGEST_TRACEBACK).findIndex(isException);
  return offset < 0 ? at : at + 1 + offset;
}

const excerpt = (lines: readonly EvidenceLine[], at: number): EvidenceLine[] =>
  lines.slice(at, at + MOST_EVIDENCE).map(shortened);

const shortened = (line: EvidenceLine): EvidenceLine => ({
  ...line,
  text: line.text.slice(0, LONGEST_EVIDENCE),
});
