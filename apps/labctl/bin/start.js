import { existsSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';

const dist = join(import.meta.dirname, '..', 'dist');
const bundle = join(dist, 'bundle');

if (existsSync(join(bundle, 'main.js'))) {
  // Compiled code beside the bundle: as trustworthy as the code itself, and there from the first run on (the build fills it).
  module.enableCompileCache(join(dist, 'compile-cache'));
  const { main } = await import('../dist/bundle/main.js');
  await main(process.argv.slice(2), bundle);
} else {
  process.stderr.write('labctl is not built yet\nhint: Run npm run build in the root of the project.\n');
  process.exitCode = 1;
}
