// Generated fleets of machines against the decision which server a machine is: `npm run fleets -- [FLEETS] [SEED]`.
import { spawnSync } from 'node:child_process';

const [fleets = '10000', seed] = process.argv.slice(2);
if (!/^[1-9]\d{0,6}$/.test(fleets) || !/^-?\d*$/.test(seed ?? '')) {
  console.error(
    'usage: npm run fleets -- [FLEETS] [SEED]\nhint: both are numbers; a failure prints its seed.',
  );
  process.exit(2);
}
const { status } = spawnSync(
  process.execPath,
  ['node_modules/jest/bin/jest.js', '--config', 'jest.config.mjs', 'apps/labd/src/servers/fleets.spec.ts'],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
      LAB_FLEETS: fleets,
      ...(seed !== undefined && { LAB_FLEET_SEED: seed }),
    },
  },
);
process.exit(status ?? 1);
