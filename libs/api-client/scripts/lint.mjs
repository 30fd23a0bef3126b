// Lints the committed API description; a warning is an error. `node lint.mjs`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createConfig, lintFromString } from '@redocly/openapi-core';

const file = join(import.meta.dirname, '../src/generated/openapi.json');
const config = await createConfig({
  extends: ['recommended-strict'],
  rules: {
    // A probe of health takes nothing, so there is nothing to refuse.
    'operation-4xx-response': 'off',
    'no-invalid-schema-examples': 'error',
    'no-invalid-media-type-examples': 'error',
    'operation-operationId': 'error',
    'operation-operationId-unique': 'error',
    'path-parameters-defined': 'error',
  },
});
const problems = await lintFromString({ source: readFileSync(file, 'utf8'), absoluteRef: file, config });
for (const { ruleId, message, location } of problems) {
  process.stderr.write(`openapi.json ${location[0]?.pointer ?? ''}: ${message} (${ruleId})\n`);
}
if (problems.length > 0) process.exitCode = 1;
