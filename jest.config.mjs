import { join } from 'node:path';

// Specs run from source (the "@lab/source" export condition), on ESM, with no build.
export const base = {
  globalSetup: join(import.meta.dirname, 'libs/testing/src/processes/test-run.mjs'),
  globalTeardown: join(import.meta.dirname, 'libs/testing/src/processes/test-run-end.mjs'),
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@lab/source', 'node', 'node-addons'] },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
        // Jest makes a URL of the path in a source map without encoding it, so that a % makes of every error a "URI malformed"
        // (jest-message-util, getTopFrame). Errors then name the built file's lines only.
        ...(import.meta.dirname.includes('%') && { sourceFileName: 'typescript:source' }),
      },
    ],
  },
  // Generated code is large and plain TypeScript; everything else in node_modules is ESM that Node reads itself.
  transformIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/', '<rootDir>/.nx/'],
};

export default {
  ...base,
  roots: ['<rootDir>/libs', '<rootDir>/apps', '<rootDir>/e2e/stack', '<rootDir>/e2e/vm'],
  testMatch: ['**/*.spec.ts'],
  // labd's suites once more, on another server: for CI, and for who names the file.
  testPathIgnorePatterns: [
    '/node_modules/',
    ...(process.argv.some((argument) => argument.includes('other-databases'))
      ? []
      : ['/other-databases\\.spec']),
  ],
  // Many wait rather than compute: one more than the processors of a small machine.
  maxWorkers: 3,
  // For a test that hangs, not for one that is slow: the machine may have other things to do.
  testTimeout: 600_000,
};
