import { readFileSync, readdirSync } from 'node:fs';
import type { EvidenceLine, Failure } from '@lab/domain';

/** A message of an installer's programs, and the rule that it must lead to; null: it is no sign of a failure. */
export interface MessageFact {
  rule: string | null;
  stage: string;
  message: string;
  source: string;
  note: string;
}

/** A line that installs write which succeed. */
export interface HarmlessFact {
  line: string;
  source: string;
}

/** A failed install as labd sees it, and the rule that knows its cause. */
export interface DiagnosisCase {
  name: string;
  /** The rule; several if each of them would tell a person the same. */
  wanted: string[];
  failure: Failure;
  lines: EvidenceLine[];
}

const folder = new URL('../../diagnosis/', import.meta.url);

/** libs/testing/diagnosis/messages.tsv. */
export const messageFacts = (): MessageFact[] =>
  rows('messages.tsv').map(([rule = '', stage = '', message = '', source = '', , note = '']) => ({
    rule: rule === '-' ? null : rule,
    stage,
    message: message.replaceAll('\\n', '\n'),
    source,
    note,
  }));

/** libs/testing/diagnosis/harmless.tsv. */
export const harmlessFacts = (): HarmlessFact[] =>
  rows('harmless.tsv').map(([line = '', source = '']) => ({ line, source }));

/**
 * libs/testing/diagnosis/cases/*.txt. A case begins with `## name → rule`; `failure: stage section exit-code` and
 * `message: text` and `last: text` say what was reported; every other line is `stage source text` of the log.
 */
export function diagnosisCases(): DiagnosisCase[] {
  return readdirSync(new URL('cases/', folder))
    .filter((name) => name.endsWith('.txt'))
    .toSorted()
    .flatMap((name) =>
      readFileSync(new URL(`cases/${name}`, folder), 'utf8')
        .split(/^## /m)
        .slice(1)
        .map(parseCase),
    );
}

function rows(name: string): string[][] {
  const [, ...lines] = readFileSync(new URL(name, folder), 'utf8').trimEnd().split('\n');
  return lines.map((line) => line.split('\t'));
}

function parseCase(text: string): DiagnosisCase {
  const [heading = '', ...rest] = text.trimEnd().split('\n');
  const [name = '', wanted = ''] = heading.split(' → ');
  const failure = aFailure({});
  const lastLines: string[] = [];
  const lines: EvidenceLine[] = [];
  for (const line of rest.filter((one) => one !== '')) {
    const [first = '', second = '', third = ''] = line.split(' ', 3);
    if (first === 'failure:') {
      Object.assign(failure, {
        stage: second,
        section: third || null,
        exitCode: Number(line.split(' ')[3]) || null,
      });
    } else if (first === 'message:') failure.message = line.slice('message: '.length);
    else if (first === 'last:') lastLines.push(line.slice('last: '.length));
    else {
      const start = first.length + second.length + 2;
      lines.push({ number: lines.length + 1, stage: first, source: second, text: line.slice(start) });
    }
  }
  return { name, wanted: wanted.split(' or '), failure: { ...failure, lastLines }, lines };
}

/** What %onerror reports of an installer that stopped, with changes. */
export const aFailure = (changes: Partial<Failure>): Failure => ({
  section: '%onerror',
  stage: 'packages',
  line: null,
  command: null,
  exitCode: null,
  message: 'The installer stopped with an error of its own.',
  lastLines: [],
  ...changes,
});
