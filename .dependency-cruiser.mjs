/** Layers inside apps and libs; who may import which project is ESLint's `@nx/enforce-module-boundaries`. */
export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'only-repositories-and-queries-touch-prisma',
      severity: 'error',
      comment: 'Reads and writes go through *.repository.ts and *.query.ts; config and wiring get the database itself.',
      from: { path: '^apps/', pathNot: '(\\.repository|\\.query|\\.spec|\\.module)\\.ts$' },
      to: { path: 'libs/database/src/generated' },
    },
    {
      name: 'domain-is-pure',
      severity: 'error',
      from: { path: '^libs/domain/src', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['core', 'npm'] },
    },
    {
      name: 'tests-only',
      severity: 'error',
      comment: 'The test library is for specs.',
      from: { path: '^(apps|libs)/', pathNot: '(\\.spec\\.ts$|^libs/testing/|/test/)' },
      to: { path: '^libs/testing/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|node_modules|generated)/' },
    tsConfig: { fileName: 'tsconfig.spec.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['@lab/source', 'import', 'node', 'default'] },
  },
};
