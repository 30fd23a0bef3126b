'use strict';
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { loadBundle } = require('./load-bundle.js');

// The bundle holds a copy of this file.
const bundle = existsSync(join(__dirname, 'main.js')) ? __dirname : join(__dirname, '..', 'dist', 'bundle');

let program;
try {
  program = loadBundle(join(bundle, 'main.js')).exports;
} catch (error) {
  const isMissing =
    error instanceof Error && error.code === 'ENOENT' && error.path === join(bundle, 'main.js');
  process.stderr.write(
    isMissing
      ? 'error: labctl is not built yet\nhint: Run npm run build in the root of the project.\n'
      : `error: labctl could not start: ${error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exit(1);
}
void program.main(process.argv.slice(2), bundle);
