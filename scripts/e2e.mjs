// `npm run e2e`: the VM scenarios. Prepares outside what needs the package mirror, then runs Jest in a network namespace of its own.
import { node, root, run } from './run.mjs';
import { join } from 'node:path';

const prepared = run(node, [
  '--input-type=module',
  '-e',
  "await (await import('./e2e/dist/vm/prepare.js')).prepareVmTests()",
]);
if (prepared !== 0) process.exit(prepared);
const jest = [
  node,
  'node_modules/jest/bin/jest.js',
  '--config',
  'e2e/jest.config.mjs',
  ...process.argv.slice(2),
];
process.exit(
  run(join(root, 'e2e/vm/in-namespace.sh'), jest, {
    NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
  }),
);
