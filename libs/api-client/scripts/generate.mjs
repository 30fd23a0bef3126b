// Makes src/generated from the API that labd describes: `node generate.mjs`. With --check it only compares, and exits
// with 1 when what is committed isn't what labd says. labd has to be built; nothing listens.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import openapiTypescript, { astToString } from 'openapi-typescript';

const here = dirname(fileURLToPath(import.meta.url));
const generated = join(here, '../src/generated');
const labd = join(here, '../../../apps/labd/bin/labd.js');

const description = execFileSync(process.execPath, [labd, 'openapi'], {
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
});
const types = astToString(await openapiTypescript(JSON.parse(description), { alphabetize: true }));
const files = {
  'openapi.json': description,
  'api.ts': `// Generated from openapi.json by scripts/generate.mjs.\n${types}`,
};

let stale = false;
for (const [name, content] of Object.entries(files)) {
  const path = join(generated, name);
  if (!process.argv.includes('--check')) {
    writeFileSync(path, content);
    continue;
  }
  let committed;
  try {
    committed = readFileSync(path, 'utf8');
  } catch {
    committed = undefined;
  }
  if (committed !== content) {
    stale = true;
    process.stderr.write(`libs/api-client/src/generated/${name} is not what labd says.\n`);
  }
}
if (stale) {
  process.stderr.write(
    'hint: build labd, then run libs/api-client/scripts/generate.mjs and commit the result.\n',
  );
  process.exitCode = 1;
}
