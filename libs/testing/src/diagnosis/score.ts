import { DIAGNOSIS_RULES, STAGE_NAMES, diagnose, type Diagnosis } from '@lab/domain';
import {
  aFailure,
  diagnosisCases,
  harmlessFacts,
  messageFacts,
  type DiagnosisCase,
  type HarmlessFact,
  type MessageFact,
} from './facts.js';
import { PREFIXES, REASONS, fill } from './fill.js';

/** One message, and what the rules made of it in the worst of its forms. */
export interface MessageScore {
  fact: MessageFact;
  /** The rule that it must lead to was found in every form. */
  isRight: boolean;
  certainty: Diagnosis['certainty'];
  found: string | null;
  text: string;
}

/** A harmless line that a rule took for evidence. */
export interface HarmlessHit {
  fact: HarmlessFact;
  text: string;
  stage: string;
  rule: string;
  certainty: Diagnosis['certainty'];
}

export interface CaseScore {
  given: DiagnosisCase;
  found: Diagnosis;
  isRight: boolean;
}

export interface DiagnosisScore {
  rules: number;
  /** Rules whose example leads to them. */
  examples: number;
  messages: MessageScore[];
  harmlessLines: number;
  harmlessForms: number;
  harmlessHits: HarmlessHit[];
  cases: CaseScore[];
}

/** Holds the rules against everything that is known of installers' logs. */
export function diagnosisScore(): DiagnosisScore {
  const harmless = harmlessFacts();
  const forms = harmless.map((fact) => ({ fact, texts: formsOf(fact.line) }));
  return {
    rules: DIAGNOSIS_RULES.length,
    examples: DIAGNOSIS_RULES.filter(
      ({ id, example, stages, ofScripts, exitCodes }) =>
        inLog(example, stages?.[0] ?? (ofScripts === true ? 'post' : 'packages'), exitCodes?.[0]).rule === id,
    ).length,
    messages: messageFacts().map(scoreMessage),
    harmlessLines: harmless.length,
    harmlessForms: forms.reduce((sum, { texts }) => sum + texts.length, 0),
    harmlessHits: forms.flatMap(({ fact, texts }) => texts.flatMap((text) => hitsOf(fact, text))),
    cases: diagnosisCases().map((given) => {
      const found = diagnose(given.failure, given.lines);
      return { given, found, isRight: given.wanted.includes(found.rule ?? 'unknown') };
    }),
  };
}

/** The line as it is, with names in its gaps, and with each reason behind its colons. */
export const formsOf = (line: string): string[] => [
  ...new Set([
    line,
    fill(line, 0),
    fill(line, 1),
    fill(line, 2),
    ...REASONS.map((reason, at) => fill(line, at, reason)),
  ]),
];

function scoreMessage(fact: MessageFact): MessageScore {
  const scores = [0, 1, 2].flatMap((variant) =>
    PREFIXES.flatMap((prefix): MessageScore[] => {
      const text = prefix + fill(fact.message, variant);
      return [inLog(text, fact.stage), inReport(text, fact.stage)].map((found) => ({
        fact,
        isRight: found.rule === fact.rule,
        certainty: found.certainty,
        found: found.rule,
        text,
      }));
    }),
  );
  const [some] = scores;
  const worst =
    scores.find(({ isRight }) => !isRight) ?? scores.find(({ certainty }) => certainty === 'likely') ?? some;
  if (worst === undefined) throw new Error('no form was tried');
  return worst;
}

function hitsOf(fact: HarmlessFact, text: string): HarmlessHit[] {
  return STAGE_NAMES.flatMap((stage) =>
    [inLog(text, stage), inReport(text, stage)].flatMap(({ rule, certainty }) =>
      rule === null ? [] : [{ fact, text, stage, rule, certainty }],
    ),
  );
}

const inLog = (text: string, stage: string, exitCode: number | null = null): Diagnosis =>
  diagnose(aFailure({ stage, exitCode }), [
    { number: 1, source: 'syslog', stage, text: 'INFO:program:stdout:' },
    { number: 2, source: 'syslog', stage, text },
  ]);

const inReport = (text: string, stage: string): Diagnosis =>
  diagnose(aFailure({ stage, lastLines: [text] }), []);
