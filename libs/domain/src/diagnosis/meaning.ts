import { SECTION_STAGES, type DiagnosisRule } from './diagnosis-rule.js';
import { FragmentIndex, holds, parseFragment, type Fragment } from './fragments.js';
import { HARMLESS, TRIES } from './harmless.js';
import { DIAGNOSIS_RULES } from './rules.js';

/** How much a line says of what happened; the lists of a rule, the most telling first. */
export type Weight = 'cause' | 'symptom' | 'ending' | 'hint';

export interface Meaning {
  rule: DiagnosisRule;
  weight: Weight;
}

interface Known extends Meaning {
  /** The lower, the sooner it counts. */
  order: number;
  not: readonly Fragment[];
}

const WEIGHTS = ['cause', 'symptom', 'ending', 'hint'] as const;
const LONGEST_TEXT = 2000;

/** Made when the first line is looked at: whoever imports the library without asking for a cause doesn't pay for it. */
let indexes:
  { known: FragmentIndex<Known>; harmless: FragmentIndex<true>; tries: FragmentIndex<true> } | undefined;

const made = () =>
  (indexes ??= {
    known: new FragmentIndex(WEIGHTS.flatMap(entriesOf)),
    harmless: new FragmentIndex([...HARMLESS, ...TRIES].map((pattern) => [pattern, true])),
    tries: new FragmentIndex(TRIES.map((pattern) => [pattern, true])),
  });

function entriesOf(weight: Weight, place: number): [string, Known][] {
  return DIAGNOSIS_RULES.flatMap((rule, index) => {
    const known: Known = {
      rule,
      weight,
      order: place * DIAGNOSIS_RULES.length + index,
      not: (rule.not ?? []).map(parseFragment),
    };
    return fragmentsOf(rule, weight).map((pattern): [string, Known] => [pattern, known]);
  });
}

/** The fragments of a rule that have that weight. */
export function fragmentsOf(rule: DiagnosisRule, weight: Weight): readonly string[] {
  switch (weight) {
    case 'cause':
      return rule.causes ?? [];
    case 'symptom':
      return rule.symptoms ?? [];
    case 'ending':
      return rule.endings ?? [];
    case 'hint':
      return rule.hints ?? [];
  }
}

interface Said {
  text: string;
  stage: string | null;
  source: string;
}

/** What a line means in its stage, for that failure. Of long lines only the beginning is looked at. */
export const meaningOf = (said: Said, failure: { exitCode: number | null }): Meaning | undefined =>
  meaningUnless(isHarmlessPiece, said, failure);

/** What one try at something says, which counts once it was given up: else it is without harm. */
export const meaningOfTry = (said: Said, failure: { exitCode: number | null }): Meaning | undefined =>
  meaningUnless((piece) => made().tries.find(piece).length === 0, said, failure);

function meaningUnless(
  isLeftOut: (piece: string) => boolean,
  { text, stage, source }: Said,
  { exitCode }: { exitCode: number | null },
): Meaning | undefined {
  const { known } = made();
  const cut = text.slice(0, LONGEST_TEXT);
  if (!known.touches(cut)) return undefined;
  let best: Known | undefined;
  for (const piece of piecesOf(cut)) {
    const found = known
      .find(piece)
      .filter(({ rule, not, order }) => {
        if (best !== undefined && best.order <= order) return false;
        if (rule.stages !== undefined && stage !== null && !rule.stages.some((name) => name === stage))
          return false;
        if (rule.ofScripts === true && !isOfScript(stage, source)) return false;
        if (rule.exitCodes !== undefined && !rule.exitCodes.some((code) => code === exitCode)) return false;
        return !not.some((fragment) => holds(piece, fragment));
      })
      .toSorted((a, b) => a.order - b.order)
      .at(0);
    if (found !== undefined && !isLeftOut(piece)) best = found;
  }
  return best;
}

/** The sections' own logs, and whatever is written while a section runs. */
const isOfScript = (stage: string | null, source: string): boolean =>
  stage === null ||
  SECTION_STAGES.some((name) => name === stage) ||
  ['pre', 'pre-install', 'post', 'first-boot'].includes(source.replace(/^%/, ''));

/** Whether installs that succeed have such a line. */
export const isHarmless = (text: string): boolean => piecesOf(text).every(isHarmlessPiece);

/** What `set -x` prints (`++ ` in a substitution) is the script's text, not what its commands say. */
const isHarmlessPiece = (piece: string): boolean =>
  piece.startsWith('+') || made().harmless.find(piece).length > 0;

/** Of a message the part that isn't the script's own text: `"command" ended with exit code 1` quotes a command. */
export const spoken = (message: string): string => {
  const end = message.startsWith('"') ? message.lastIndexOf('" ended with exit code ') : -1;
  return end < 0 ? message : message.slice(end + 2);
};

/** rsyslog writes a line break inside a message as #012 (its $EscapeControlCharactersOnReceive). */
const piecesOf = (text: string): string[] => {
  const lower = text.slice(0, LONGEST_TEXT).trim().toLowerCase();
  return lower.includes('#012') || lower.includes('\n')
    ? lower
        .replaceAll('#012', '\n')
        .split('\n')
        .map((piece) => piece.trim())
    : [lower];
};
