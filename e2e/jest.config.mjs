// The VM scenarios, each from power-on to an installed system. Two at once: a machine that is emulated keeps one core busy.
import { base } from '../jest.config.mjs';

export default {
  ...base,
  rootDir: '..',
  roots: ['<rootDir>/e2e/scenarios'],
  testMatch: ['**/*.e2e.ts'],
  maxWorkers: 2,
  testTimeout: 300_000,
  reporters: ['default', '<rootDir>/e2e/keep-failures.mjs'],
};
