// docs/labctl.md out of labctl's own commands; `--check` says whether it is up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

const file = join(root, 'docs/labctl.md');
const { commands } = JSON.parse(
  readFileSync(join(root, 'apps/labctl/dist/bundle/oclif.manifest.json'), 'utf8'),
);
const shown = Object.values(commands)
  .filter(({ hidden }) => !hidden)
  .toSorted((a, b) => a.id.localeCompare(b.id));
const own = (flags) => Object.values(flags).filter(({ helpGroup }) => helpGroup !== 'GLOBAL');
const name = ({ id }) => id.replaceAll(':', ' ');
const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function flagRow({ name: flag, char, type, helpValue, description }) {
  const letter = char === undefined ? '' : `-${char}, `;
  const value = type === 'option' ? ` ${helpValue ?? 'VALUE'}` : '';
  return `| \`${cell(`${letter}--${flag}${value}`)}\` | ${cell(description ?? '')} |`;
}

function section(command) {
  const { summary, description, usage, args, examples = [], flags } = command;
  const words = Object.values(args ?? {}).map(({ name: arg, required }) =>
    required ? arg.toUpperCase() : `[${arg.toUpperCase()}]`,
  );
  const usages = usage === undefined ? [[name(command), ...words].join(' ')] : [usage].flat();
  const rows = own(flags);
  return [
    `## ${name(command)}`,
    `${summary}.${description === undefined ? '' : ` ${description.replaceAll('\n', ' ')}`}`,
    ['```', ...usages.map((line) => `labctl ${line}`), '```'].join('\n'),
    ...(rows.length === 0 ? [] : [['| | |', '| --- | --- |', ...rows.map(flagRow)].join('\n')]),
    ...(examples.length === 0
      ? []
      : [
          ['```', ...examples.map((line) => line.replaceAll('<%= config.bin %>', 'labctl')), '```'].join(
            '\n',
          ),
        ]),
  ].join('\n\n');
}

const text = `# labctl: reference

Written by \`scripts/labctl-reference.mjs\` from the commands themselves; \`labctl COMMAND --help\` says the same. What people type and what comes out, for nearly all of it: the transcripts in \`e2e/transcripts/\`.

- A resource is \`TYPE NAME…\` or \`TYPE/NAME\`; a server is found by name, ID or any of its MACs. Types: \`labctl api-resources\`.
- Data is on stdout, everything that is said to a person on stderr. \`-o json\` and \`-o yaml\` keep every field.
- Exit codes: 0 done · 1 failed · 2 wrong usage, or a confirmation that was not given · 4 not logged in or not allowed · 5 waited too long · 6 ended in a failed state · 130 interrupted. \`diff\`: 1 something differs, 2 an error. \`bastion status\`: 3 it does not run.
- Which labd: \`--context\`, else \`LABCTL_CONTEXT\`, \`LABCTL_SERVER\` and \`LABCTL_TOKEN\`, else the current context of the file (\`LABCTL_CONFIG\`, else \`~/.config/labctl/config.yaml\`).
- Every command takes \`--context NAME\`, \`--request-timeout DURATION\`, \`--no-color\` and \`--debug\`.

${shown.map(section).join('\n\n')}
`;

if (!process.argv.includes('--check')) writeFileSync(file, text);
else if (readFileSync(file, 'utf8') !== text) {
  console.error('docs/labctl.md is not up to date. hint: npm run build && node scripts/labctl-reference.mjs');
  process.exit(1);
}
