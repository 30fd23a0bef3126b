import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

const may = (sourceTag, ...onlyDependOnLibsWithTags) => ({ sourceTag, onlyDependOnLibsWithTags });

/** Who may import whom: the list of ARCHITECTURE.md. `scope:testing` is allowed to specs only, below. */
export const boundaries = [
  may('scope:domain', 'none'),
  may('scope:protocol', 'scope:domain'),
  may('scope:database', 'scope:domain'),
  may('scope:api-client', 'none'),
  may('scope:cli-kit', 'scope:api-client', 'scope:domain'),
  may('scope:install-trees', 'scope:domain'),
  may('scope:plugin', 'scope:cli-kit', 'scope:install-trees', 'scope:local-lab'),
  may('scope:labd', 'scope:domain', 'scope:protocol', 'scope:database'),
  may('scope:bastion', 'scope:domain', 'scope:protocol', 'scope:install-trees'),
  may('scope:local-lab', 'scope:domain'),
  may('scope:labctl', 'scope:cli-kit', 'scope:plugin', 'scope:api-client', 'scope:domain'),
  may('scope:testing', '*'),
];

/** A path in a URL is encoded: a folder with a space, a %, an umlaut isn't found by it. */
const pathsOfUrls = [
  "MemberExpression[property.name='pathname'][object.type='NewExpression'][object.callee.name='URL']:has(MetaProperty)",
  "VariableDeclarator[id.type='ObjectPattern'][init.type='NewExpression'][init.callee.name='URL']:has(MetaProperty)",
  'TemplateLiteral[quasis.0.value.raw=/^file:/]',
  'Literal[value=/^file:\\/\\//]',
].map((selector) => ({
  selector,
  message: 'Use fileURLToPath and pathToFileURL: a path in a URL is encoded.',
}));

const boundaryRule = (constraints) => [
  'error',
  { enforceBuildableLibDependency: false, allow: [], depConstraints: constraints },
];

export default tseslint.config(
  {
    ignores: [
      '**/dist',
      '**/node_modules',
      '.nx',
      'libs/database/src/generated',
      'libs/api-client/src/generated',
      '**/*.mjs',
      '**/*.js',
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { project: ['./tsconfig.spec.json'], tsconfigRootDir: import.meta.dirname },
    },
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': boundaryRule(boundaries),
      // DTO classes are shapes that Swagger can see, filled from literals; nothing asks for their prototype.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/no-extraneous-class': 'off', // Nest modules are empty classes
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'as' }],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only config.ts reads process.env.' },
      ],
      'no-restricted-syntax': ['error', ...pathsOfUrls],
    },
  },
  {
    files: [
      '**/*.spec.ts',
      'apps/*/test/**/*.ts',
      'libs/*/test/**/*.ts',
      'e2e/**/*.ts',
      'libs/testing/**/*.ts',
    ],
    rules: {
      '@nx/enforce-module-boundaries': boundaryRule([may('*', '*')]),
      'no-restricted-properties': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
  {
    files: ['apps/labd/src/**/*.ts'],
    ignores: ['**/*.repository.ts', '**/*.query.ts', '**/*.spec.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...pathsOfUrls,
        ...[
          "MemberExpression[object.name='tx']",
          "MemberExpression[object.property.name='database'][property.name='client']",
        ].map((selector) => ({ selector, message: 'Only *.repository.ts and *.query.ts touch Prisma.' })),
      ],
    },
  },
  { files: ['**/config.ts', '**/*.config.ts'], rules: { 'no-restricted-properties': 'off' } },
  prettier,
);
