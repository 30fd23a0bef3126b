// The VM scenarios: one after the other, each from power-on to an installed system.
import { base } from '../jest.config.mjs';

export default {
  ...base,
  rootDir: '..',
  roots: ['<rootDir>/e2e/scenarios'],
  testMatch: ['**/*.e2e.ts'],
  maxWorkers: 1,
  testTimeout: 300_000,
};
