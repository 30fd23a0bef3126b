import { base } from '../../../../jest.config.mjs';

// Two files, so that the test runs in a worker and not in Jest itself.
export default { ...base, testMatch: ['**/*.fixture.ts'], maxWorkers: 2, testTimeout: 120_000 };
