import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { FleetModel } from '../../test/fleet-model.js';
import { fleets } from '../../test/fleets.js';

/** `npm run fleets` tries more; a seed that failed is tried again with `npm run fleets -- 500 SEED`. */
const RUNS = Number(process.env['LAB_FLEETS'] ?? 500);
const SEED = Number(process.env['LAB_FLEET_SEED'] ?? Date.now() % 2 ** 31);

describe('In whatever order the machines of a fleet report', () => {
  it(
    'no order reaches a machine that is not its server’s, no two machines are one server, and every conflict is stated',
    () => {
      process.stdout.write(`${RUNS} fleets, seed ${SEED}\n`);
      fc.assert(
        fc.property(fleets, ({ machines, events }) => {
          const fleet = new FleetModel({ machines });
          for (const event of events) fleet.happens(event);
        }),
        { numRuns: RUNS, seed: SEED, verbose: fc.VerbosityLevel.None },
      );
    },
    Math.max(60_000, RUNS * 60),
  );
});
