// docs/runbooks/failed-installs.md out of the rules that diagnose failed installs; `--check` says whether it is up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DIAGNOSIS_RULES } from '../libs/domain/dist/index.js';
import { root } from './run.mjs';

const file = join(root, 'docs/runbooks/failed-installs.md');
const sections = DIAGNOSIS_RULES.toSorted((a, b) => a.id.localeCompare(b.id)).map(
  ({ id, cause, explanation, next, source, example, harmless }) =>
    `## ${id}\n\nThe cause is that ${cause}. ${explanation}\n\n\`\`\`\n${example}\n\`\`\`\n\n**Next:** ${next}\n\n*Such lines are written by* ${source}. *Harmless, though alike:* \`${harmless.replaceAll('`', "'")}\`\n`,
);
const text = `# Failed installs, by what labd says of them

Written by \`scripts/runbook.mjs\` from the rules in \`libs/domain/src/diagnosis\`. labd holds the end of the log against them and names the first causal line: \`stated\` if the failure or the failed stage says so, \`likely\` if another part of the log does, \`unknown\` with the best evidence if no rule matches. How far that goes is in [diagnosis-score.md](../diagnosis-score.md). Please add a rule for what it did not know.

${sections.join('\n')}`;

if (!process.argv.includes('--check')) writeFileSync(file, text);
else if (readFileSync(file, 'utf8') !== text) {
  console.error(
    'docs/runbooks/failed-installs.md is not up to date. hint: npm run build && node scripts/runbook.mjs',
  );
  process.exit(1);
}
