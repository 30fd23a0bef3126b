// `npm run check`: types, lint, module boundaries, formatting, generated files. Says every finding, not only the first.
import { node, run } from './run.mjs';

const checks = [
  ['types', [node, 'node_modules/typescript/bin/tsc', '-p', 'tsconfig.spec.json', '--noEmit']],
  ['project graph', [node, 'node_modules/nx/dist/bin/nx.js', 'show', 'projects', '--json']],
  [
    'lint and boundaries',
    [node, 'node_modules/eslint/bin/eslint.js', '--max-warnings', '0', 'apps', 'libs', 'e2e'],
  ],
  [
    'layers inside apps',
    [
      node,
      'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
      '--config',
      '.dependency-cruiser.mjs',
      'apps',
      'libs',
      '--no-progress',
    ],
  ],
  ['format', [node, 'node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.']],
  ['generated API client', [node, 'libs/api-client/scripts/generate.mjs', '--check']],
  ['runbook of failed installs', [node, 'scripts/runbook.mjs', '--check']],
  ['score of the causes', [node, 'scripts/diagnosis-score.mjs', '--check']],
  ['labctl reference', [node, 'scripts/labctl-reference.mjs', '--check']],
  ['API description', [node, 'libs/api-client/scripts/lint.mjs']],
];
const failed = checks.filter(([title, [command, ...args]]) => {
  console.error(`— ${title}`);
  return run(command, args, { NX_DAEMON: 'false' }) !== 0;
});
if (failed.length > 0) console.error(`failed: ${failed.map(([title]) => title).join(', ')}`);
process.exit(failed.length === 0 ? 0 : 1);
