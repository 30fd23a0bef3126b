// docs/diagnosis-score.md: the rules that diagnose failed installs, held against what is known of installers' logs
// (libs/testing/diagnosis). Prints the table; `--check` says whether the document is up to date. Exit 1 for any fault.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DIAGNOSIS_RULES } from '../libs/domain/dist/index.js';
import { diagnosisScore } from '../libs/testing/dist/index.js';
import { root } from './run.mjs';

const file = join(root, 'docs/diagnosis-score.md');
const score = diagnosisScore();
const causes = score.messages.filter(({ fact }) => fact.rule !== null);
const right = causes.filter(({ isRight }) => isRight);
const noCause = score.messages.filter(({ fact }) => fact.rule === null);
const stated = (scores) => scores.filter(({ certainty }) => certainty === 'stated').length;
const hits = (certainty) => score.harmlessHits.filter((hit) => hit.certainty === certainty).length;
const rightCases = score.cases.filter(({ isRight }) => isRight);

const rows = [
  ['rules', score.rules],
  ['whose example leads to them', score.examples],
  ['messages of installers and their programs', score.messages.length],
  [
    'with the right cause, in every form tried',
    `${right.length} (${stated(right)} stated, ${right.length - stated(right)} likely)`,
  ],
  ['with a wrong cause', causes.length - right.length + noCause.filter(({ isRight }) => !isRight).length],
  ['that are no cause by themselves (below)', noCause.length],
  ['harmless lines', `${score.harmlessLines} in ${score.harmlessForms} forms`],
  ['of which a rule states a cause', hits('stated')],
  ['of which a rule calls a cause likely', hits('likely')],
  ['cases after public bug reports', score.cases.length],
  ['with the right cause', rightCases.length],
];
const faults = [
  ...score.messages
    .filter(({ isRight }) => !isRight)
    .map((one) => `${one.fact.rule ?? 'no cause'} wanted, ${one.found ?? 'none'} found: ${one.text}`),
  ...score.harmlessHits.map(
    (hit) => `${hit.rule} (${hit.certainty}) in the stage ${hit.stage}, though harmless: ${hit.text}`,
  ),
  ...score.cases
    .filter(({ isRight }) => !isRight)
    .map(
      ({ given, found }) =>
        `${given.wanted.join(' or ')} wanted, ${found.rule ?? 'unknown'} found: ${given.name}`,
    ),
];

const cell = (value) => String(value).replaceAll('|', '\\|').replaceAll('\n', ' ');
const table = (head, lines) =>
  [head, head.map(() => '---'), ...lines].map((line) => `| ${line.map(cell).join(' | ')} |`).join('\n');
const perRule = DIAGNOSIS_RULES.toSorted((a, b) => a.id.localeCompare(b.id)).map(({ id, source }) => [
  id,
  right.filter(({ fact }) => fact.rule === id).length,
  rightCases.filter(({ found }) => found.rule === id).length,
  source,
]);
const text = `# How well the causes of failed installs are known

Written by \`npm run diagnosis:score\` from the rules (\`libs/domain/src/diagnosis\`) and from what is known of installers' logs (\`libs/testing/diagnosis\`): messages as the sources of Anaconda, dracut, blivet, dnf, librepo, rpm, shim, iPXE and others have them, lines of installs that succeed, and cases after public bug reports. No installer was run for it, and no machine failed.

${table(['what', 'number'], rows)}

Each message is tried with three kinds of names in its gaps, behind the prefixes of seven logs, as a line of the failed stage and as the last line of its report; it is right if all of them lead to its rule. Each harmless line is tried as it is, with names, and with nine error texts behind its colons, in every stage. A message that only warns is \`likely\` at most, and only if nothing else is known.

## Messages that are no cause by themselves

${table(
  ['message', 'why', 'source'],
  noCause.map(({ fact }) => [`\`${fact.message.replaceAll('`', "'")}\``, fact.note, fact.source]),
)}

## By rule

${table(['rule', 'messages', 'cases', 'source of its lines'], perRule)}
`;

const width = Math.max(...rows.map(([title]) => title.length));
for (const [title, value] of rows) console.log(`${title.padEnd(width)}  ${value}`);
for (const fault of faults) console.error(fault);
if (!process.argv.includes('--check')) writeFileSync(file, text);
else if (readFileSync(file, 'utf8') !== text) {
  console.error('docs/diagnosis-score.md is not up to date. hint: npm run diagnosis:score');
  process.exit(1);
}
process.exit(faults.length === 0 ? 0 : 1);
